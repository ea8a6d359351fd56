namespace FakeGitHub.World;

/// <summary>Immutable rows by id, in the order they came; may be read from any thread.</summary>
internal sealed class Table<T>(Func<T, long> key)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly List<T> _rows = [];

    /// <summary>A copy of what is there now, oldest first.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _rows];
            }
        }
    }

    public T? Find(long id) => All.FirstOrDefault(row => key(row) == id);

    public T Add(T row)
    {
        lock (_lock)
        {
            _rows.Add(row);
            return row;
        }
    }

    /// <summary>Puts a row in the place of the one with its id.</summary>
    public T Put(T row)
    {
        lock (_lock)
        {
            _rows[_rows.FindIndex(old => key(old) == key(row))] = row;
            return row;
        }
    }

    public bool Remove(long id)
    {
        lock (_lock)
        {
            return _rows.RemoveAll(row => key(row) == id) > 0;
        }
    }
}
