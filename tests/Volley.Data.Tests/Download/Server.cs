using System.Net;
using System.Net.Sockets;

namespace Volley.Data.Tests.Download;

/// <summary>A web server on this machine with one file; how it behaves is the test's.</summary>
internal sealed class Server : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Thread _thread;

    public Server(byte[] content)
    {
        Content = content;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Root = new Uri($"http://localhost:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Root.ToString());
        _listener.Start();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public Uri Root { get; }

    public byte[] Content { get; set; }

    /// <summary>Whether a part of the file can be asked for.</summary>
    public bool Ranges { get; init; } = true;

    /// <summary>The connection breaks after so many bytes of each answer; null for never.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Whether it then goes on waiting instead.</summary>
    public bool Stalls { get; init; }

    /// <summary>Where the path <c>/moved/…</c> leads.</summary>
    public Uri? Elsewhere { get; set; }

    /// <summary>The first byte that each request asked for.</summary>
    public List<long> Asked { get; } = [];

    public void Dispose()
    {
        _listener.Abort();
        _thread.Join();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = _listener.GetContext();
                try
                {
                    Answer(context.Request, context.Response);
                }
                catch (Exception failure) when (failure is HttpListenerException or IOException or InvalidOperationException)
                {
                    // The client went away.
                }
            }
        }
        catch (Exception failure) when (failure is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the test.
        }
    }

    private void Answer(HttpListenerRequest request, HttpListenerResponse response)
    {
        string path = request.Url!.AbsolutePath;
        if (path.StartsWith("/moved/", StringComparison.Ordinal))
        {
            response.Redirect(new Uri(Elsewhere ?? Root, path["/moved/".Length..]).ToString());
            response.Close();
            return;
        }
        if (path.StartsWith("/none/", StringComparison.Ordinal) || path.StartsWith("/broken/", StringComparison.Ordinal))
        {
            response.StatusCode = path[1] == 'n' ? 404 : 503;
            response.Close();
            return;
        }
        string? range = Ranges ? request.Headers["Range"] : null;
        long first = range is null ? 0 : long.Parse(range["bytes=".Length..].TrimEnd('-'), System.Globalization.CultureInfo.InvariantCulture);
        Asked.Add(first);
        if (range is not null && first >= Content.Length)
        {
            response.StatusCode = 416;
            response.AddHeader("Content-Range", $"bytes */{Content.Length}");
            response.Close();
            return;
        }
        if (range is not null)
        {
            response.StatusCode = 206;
            response.AddHeader("Content-Range", $"bytes {first}-{Content.Length - 1}/{Content.Length}");
        }
        response.ContentLength64 = Content.Length - first;
        int send = (int)Math.Min(BreaksAfter ?? int.MaxValue, Content.Length - first);
        response.OutputStream.Write(Content, (int)first, send);
        response.OutputStream.Flush();
        if (send < Content.Length - first)
        {
            if (Stalls)
                Thread.Sleep(1500);
            response.Abort();
        }
        else
        {
            response.Close();
        }
    }
}
