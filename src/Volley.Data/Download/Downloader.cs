using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Volley.Data.Download;

/// <summary>Downloads files: what is interrupted goes on where it stood, and nothing has its final name before its checksum is right.</summary>
/// <remarks>
/// Bytes go into <c>NAME.part</c>. A broken connection is taken up again by itself, as long as each attempt brings something; Ctrl-C, a crash or a
/// lost network leave the part, and the next call asks the server for the rest (HTTP Range). A server that cannot do so sends all of it again.
/// A redirection may lead to another host, since the checksum decides, but never from https to http.
/// </remarks>
public sealed class Downloader : IDisposable
{
    private const int MostRedirections = 5, MostIdleAttempts = 3, BlockBytes = 1 << 16;

    /// <summary>A server's word is not enough to fill a disk.</summary>
    private const long MostBytes = 1L << 36;

    private readonly HttpClient _http;
    private readonly TimeSpan _patience;

    /// <param name="patience">How long nothing may come before a connection counts as broken; null for a minute.</param>
    public Downloader(TimeSpan? patience = null)
    {
        _patience = patience ?? TimeSpan.FromMinutes(1);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = _patience }) { Timeout = _patience };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("volley", "1"));
    }

    /// <summary>Gets a file of a data set and unpacks it; does nothing where that was done before.</summary>
    /// <param name="file">Which.</param>
    /// <param name="folder">The data set's folder; made where it is missing.</param>
    /// <param name="progress">Told after every block; null for nobody.</param>
    /// <param name="cancellation">Stops soon; another call goes on.</param>
    /// <returns>True where something was done.</returns>
    /// <exception cref="IOException">No connection, no such file on the server, no room, …; one sentence.</exception>
    /// <exception cref="InvalidDataException">The content is not that of the published file.</exception>
    public bool Get(DownloadFile file, string folder, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (File.Exists(Path.Combine(folder, file.Result)))
            return false;
        string packed = Path.Combine(folder, file.Name);
        try
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(packed))
                Fetch(file, packed, folder, progress, cancellation);
            Unpacker.Unpack(file, packed, folder, cancellation);
            File.Delete(packed);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"Cannot write in '{folder}': {failure.Message.TrimEnd('.')}; pass a folder that you may write to.", failure);
        }
        return true;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether a redirection is followed.</summary>
    internal static bool Follows(Uri from, Uri to) => to.Scheme == Uri.UriSchemeHttps || (to.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);

    private void Fetch(DownloadFile file, string packed, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string part = packed + ".part";
        for (int idle = 0; ;)
        {
            long before = LengthOf(part);
            try
            {
                Receive(file, part, progress, cancellation);
                break;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is HttpRequestException or HttpIOException or OperationCanceledException)
            {
                idle = LengthOf(part) > before ? 0 : idle + 1;
                if (idle == MostIdleAttempts || failure is HttpRequestException { StatusCode: not null })
                    throw new IOException($"Cannot download '{file.Address}': {Reason(failure)}; try again later, or put {file.Name} (or {file.Result}) into '{folder}' by hand.", failure);
            }
        }
        string md5 = Md5(part);
        if (!md5.Equals(file.Md5, StringComparison.OrdinalIgnoreCase))
        {
            File.Delete(part);
            throw new InvalidDataException($"What '{file.Address}' sent has the MD5 {md5}, and the published one is {file.Md5}; it is removed, so run the command again to start afresh.");
        }
        File.Move(part, packed);
    }

    private void Receive(DownloadFile file, string part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        long have = LengthOf(part);
        using HttpResponseMessage response = Ask(file.Address, have, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // All of it is there already, or more than that: then it is another file.
            if (response.Content.Headers.ContentRange?.Length != have)
                File.Delete(part);
            if (File.Exists(part))
                return;
            throw new HttpIOException(HttpRequestError.InvalidResponse, "the part that is there is longer than the file");
        }
        response.EnsureSuccessStatusCode();
        bool rest = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        have = rest ? have : 0;
        long? total = have + response.Content.Headers.ContentLength;
        CheckRoom(file, part, have, total);
        using var target = new FileStream(part, rest ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1);
        using Stream source = response.Content.ReadAsStream(cancellation);
        var block = new byte[BlockBytes];
        progress?.Report(new DownloadProgress(file, have, total));
        while (Read(source, block, cancellation) is > 0 and int read)
        {
            have += read;
            if (have > MostBytes)
                throw new InvalidDataException($"'{file.Address}' sends more than {MostBytes >> 30} GB.");
            Write(target, part, block.AsSpan(0, read));
            progress?.Report(new DownloadProgress(file, have, total));
        }
    }

    private HttpResponseMessage Ask(Uri address, long have, CancellationToken cancellation)
    {
        for (int redirections = 0; ; redirections++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (have > 0)
                request.Headers.Range = new RangeHeaderValue(have, null);
            HttpResponseMessage response = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            var next = new Uri(address, location);
            if (redirections == MostRedirections)
                throw new HttpRequestException("it leads from one address to another without end", null, HttpStatusCode.LoopDetected);
            if (!Follows(address, next))
                throw new HttpRequestException($"it leads to '{next}', which is not https", null, HttpStatusCode.Redirect);
            address = next;
        }
    }

    private int Read(Stream source, byte[] block, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            return source.ReadAsync(block, patience.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException failure) when (failure is not HttpIOException)
        {
            // Told apart from what goes wrong with the file here.
            throw new HttpIOException(HttpRequestError.ResponseEnded, failure.Message, failure);
        }
    }

    private static void Write(FileStream target, string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            target.Write(bytes);
        }
        catch (IOException failure)
        {
            throw new IOException($"Cannot write '{path}': {failure.Message.TrimEnd('.')}; make room there and run the command again, which goes on where it stood.", failure);
        }
    }

    private static void CheckRoom(DownloadFile file, string part, long have, long? total)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(part))!;
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (total - have > free)
            throw new IOException($"'{file.Address}' has {Megabytes(total ?? 0)} MB, but only {Megabytes(free)} MB are free in '{folder}'; pass another folder or make room.");
    }

    private static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: { } status, InnerException: null } refused when (int)status is < 300 or >= 400 and not 508 => $"the server answers {(int)status} ({status})",
        OperationCanceledException => "nothing comes from the server",
        _ => (failure.InnerException ?? failure).Message.TrimEnd('.'),
    };

    private static long Megabytes(long bytes) => bytes / 1_000_000;

    private static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static string Md5(string path)
    {
        // Published as MD5; it tells damage, and https tells who sent it.
#pragma warning disable CA5351
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        return Convert.ToHexStringLower(MD5.HashData(stream));
#pragma warning restore CA5351
    }
}
