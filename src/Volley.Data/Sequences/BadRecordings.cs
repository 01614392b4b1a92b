namespace Volley.Data;

/// <summary>The recordings that cannot be read: the first stops everything, or all are left out and counted.</summary>
/// <param name="skip">Whether to go on without them.</param>
/// <param name="warn">Told in one sentence how many they were.</param>
internal sealed class BadRecordings(bool skip, Action<string>? warn)
{
    private const int ShownNames = 3;

    private readonly List<string> _names = [];
    private string _first = "";

    /// <summary>Does something with a recording; false where it is bad and left out.</summary>
    /// <exception cref="InvalidDataException">It is bad, and bad ones are not to be left out.</exception>
    public bool Check(string name, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            if (!skip)
                throw new InvalidDataException($"{failure.Message.TrimEnd('.')}; --skip-bad goes on without such recordings.", failure);
            if (_names.Count == 0)
                _first = failure.Message.TrimEnd('.');
            _names.Add(name);
            return false;
        }
    }

    /// <summary>Says how many were left out.</summary>
    /// <param name="count">How many there were in all.</param>
    /// <exception cref="InvalidDataException">None was good.</exception>
    public void Report(int count)
    {
        if (_names.Count == 0)
            return;
        if (_names.Count == count)
            throw new InvalidDataException($"None of the {count} recordings can be read; the first one: {_first}.");
        string more = _names.Count > ShownNames ? ", …" : "";
        warn?.Invoke($"{_names.Count} of {count} recordings cannot be read and are left out ({string.Join(", ", _names.Take(ShownNames))}{more}); the first one: {_first}.");
    }
}
