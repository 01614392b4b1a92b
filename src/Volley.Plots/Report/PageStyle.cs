namespace Volley.Plots;

/// <summary>How the page around the charts looks.</summary>
internal static class PageStyle
{
    public const string Rules =
        """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        main{max-width:1000px;margin:0 auto;padding:40px 24px 56px}
        h1{font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0}
        h2{font-size:1.15rem;line-height:1.3;font-weight:650;margin:44px 0 14px}
        h3{font-size:.9375rem;line-height:1.35;font-weight:600;margin:0 0 12px}
        p{max-width:44rem;margin:0 0 14px}
        .subtitle{color:var(--muted);margin:6px 0 24px}
        .figures{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:16px;margin:0 0 16px}
        figure{margin:0;padding:18px 18px 14px;background:var(--card);border:1px solid var(--edge);border-radius:10px;min-width:0;break-inside:avoid}
        figure.wide{grid-column:1/-1}
        .plot{overflow-x:auto}.half .chart{max-width:480px}.wide .chart{min-width:620px}
        figcaption{margin:10px 0 0;color:var(--muted);font-size:.8125rem;line-height:1.5}
        dl{margin:0 0 16px}dt{color:var(--muted)}dd{margin:0}
        .headline{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;margin-top:28px;background:var(--card);border:1px solid var(--edge);border-radius:10px;overflow:hidden}
        .headline div{box-shadow:0 0 0 1px var(--edge);padding:14px 18px;display:grid;grid-row:span 3;grid-template-rows:subgrid;align-content:start}
        .headline dt{font-size:.8125rem}.headline dd{font-size:1.3rem;line-height:1.3;font-weight:600;letter-spacing:-.01em}
        .headline dd.note,.note{font-size:.8125rem;font-weight:400;color:var(--muted);letter-spacing:0}
        .facts{background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:6px 18px;font-size:.875rem}
        .facts div{display:grid;grid-template-columns:minmax(110px,13rem) minmax(0,1fr);gap:16px;padding:7px 0;border-top:1px solid var(--edge)}.facts div:first-child{border-top:0}
        .scroll{overflow-x:auto;background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:6px 18px;margin:0 0 16px}
        table{border-collapse:collapse;width:100%;font-size:.875rem;overflow-wrap:normal}
        caption{text-align:left;font-weight:600;padding:8px 0 6px}
        th{color:var(--muted);font-weight:500;vertical-align:bottom}th,td{padding:6px 0 6px 20px;text-align:left}th:first-child,td:first-child{padding-left:0}
        td.word:first-child{min-width:8rem}
        td{border-top:1px solid var(--edge)}.scroll td.word:not(:first-child){min-width:11.5rem}.number{text-align:right;white-space:nowrap}
        details{margin:0 0 12px}summary{cursor:pointer;padding:4px 0;font-weight:500}
        pre{margin:6px 0 0;padding:14px 18px;background:var(--card);border:1px solid var(--edge);border-radius:10px;overflow-x:auto;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:normal}
        details .scroll{margin-top:6px;max-height:32rem;overflow-y:auto}
        footer{margin-top:48px;color:var(--muted);font-size:.8125rem}
        :focus-visible{outline:2px solid var(--series-0);outline-offset:2px}
        @media (max-width:760px){main{padding:24px 12px 40px}h1{font-size:1.4rem}.figures{grid-template-columns:minmax(0,1fr);gap:12px}figure{padding:14px 12px 12px}.half .chart{max-width:none}
        .headline{grid-template-columns:repeat(2,minmax(0,1fr));margin-top:20px}.headline div{padding:10px 12px}.headline dd{font-size:1.2rem}.facts,.scroll{padding:4px 12px}.facts div{grid-template-columns:minmax(0,2fr) minmax(0,3fr)}}
        @media print{body{background:none}main{padding:0}}

        """;
}
