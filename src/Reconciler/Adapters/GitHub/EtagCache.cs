using System.Net.Http.Headers;

namespace Reconciler.Adapters.GitHub;

/// <summary>Answers that may be asked for again with "only if it changed", which costs nothing of the rate limit. Bounded; safe for several threads.</summary>
internal sealed class EtagCache
{
    private const int MostEntries = 64;
    private const int LargestEntry = 512 * 1024;
    private const int MostBytes = 4 * 1024 * 1024;
    private readonly Lock _lock = new();
    private readonly LinkedList<CachedAnswer> _latestFirst = [];
    private long _bytes;

    /// <summary>What is known of an address; null when nothing.</summary>
    public CachedAnswer? Find(Uri address)
    {
        lock (_lock)
        {
            var found = Node(address);
            if (found is not null)
            {
                _latestFirst.Remove(found);
                _latestFirst.AddFirst(found);
            }

            return found?.Value;
        }
    }

    /// <summary>Keeps an answer; of what is too much the longest unused goes.</summary>
    public void Keep(CachedAnswer answer)
    {
        lock (_lock)
        {
            Remove(Node(answer.Address));
            if (answer.Body.Length > LargestEntry)
            {
                return;
            }

            _latestFirst.AddFirst(answer);
            _bytes += answer.Body.Length;
            while (_latestFirst.Count > MostEntries || _bytes > MostBytes)
            {
                Remove(_latestFirst.Last);
            }
        }
    }

    private LinkedListNode<CachedAnswer>? Node(Uri address)
    {
        for (var node = _latestFirst.First; node is not null; node = node.Next)
        {
            if (node.Value.Address == address)
            {
                return node;
            }
        }

        return null;
    }

    private void Remove(LinkedListNode<CachedAnswer>? node)
    {
        if (node is not null)
        {
            _bytes -= node.Value.Body.Length;
            _latestFirst.Remove(node);
        }
    }
}

/// <summary>An answer with its entity tag.</summary>
/// <param name="Address">What was asked.</param>
/// <param name="Tag">The entity tag.</param>
/// <param name="Body">The body.</param>
/// <param name="Type">Its content type; null when there was none.</param>
/// <param name="Links">The Link header, which leads to the next page; null when there was none.</param>
internal sealed record CachedAnswer(Uri Address, EntityTagHeaderValue Tag, byte[] Body, MediaTypeHeaderValue? Type, string? Links);
