namespace Volley.Serialization;

/// <summary>Turns what the operating system says about a failed write into one sentence: which file, what is wrong, what to do.</summary>
internal static class FileFailure
{
    // errno on Unix; the low word of the HRESULT on Windows.
    private const int UnixReadOnlyFileSystem = 30, UnixNoSpace = 28, LinuxQuota = 122, MacQuota = 69, UnixFileTooBig = 27;
    private const int WindowsDiskFull = 112, WindowsHandleDiskFull = 39, WindowsWriteProtected = 19;

    /// <summary>The exception to throw in place of <paramref name="failure"/>, which becomes its inner exception; of the same kind (denied or not).</summary>
    public static Exception Explain(string path, Exception failure)
    {
        string folder = Folder(path);
        return failure switch
        {
            UnauthorizedAccessException when Directory.Exists(path) =>
                new UnauthorizedAccessException($"Cannot write '{path}': it is a folder; choose another name.", failure),
            UnauthorizedAccessException => new UnauthorizedAccessException(
                $"Cannot write '{path}': no permission to write in '{folder}'; choose another folder or change its permissions.", failure),
            PathTooLongException => new IOException($"Cannot write '{path}': the path is too long; choose a shorter folder or name.", failure),
            DirectoryNotFoundException => new IOException($"Cannot write '{path}': the folder '{folder}' does not exist; create it first.", failure),
            _ => new IOException(Sentence(path, folder, failure), failure),
        };
    }

    private static string Sentence(string path, string folder, Exception failure)
    {
        if (IsDiskFull(failure))
            return $"Cannot write '{path}': the disk is full; free some space or choose another folder.";
        if (IsReadOnly(failure))
            return $"Cannot write '{path}': '{folder}' is on a read-only disk; choose another folder.";
        return $"Cannot write '{path}': {failure.Message.TrimEnd('.')}; check the folder or choose another one.";
    }

    private static bool IsDiskFull(Exception failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is WindowsDiskFull or WindowsHandleDiskFull
        : failure.HResult is UnixNoSpace or UnixFileTooBig || failure.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);

    private static bool IsReadOnly(Exception failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) == WindowsWriteProtected
        : failure.HResult == UnixReadOnlyFileSystem;

    private static string Folder(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        return string.IsNullOrEmpty(folder) ? "." : folder;
    }
}
