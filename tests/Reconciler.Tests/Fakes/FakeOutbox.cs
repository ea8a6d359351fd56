using System.Collections.Immutable;
using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>An outbox in memory. It outlives whoever writes to it, as a disk does.</summary>
internal sealed class FakeOutbox(TimeProvider clock) : IOutbox
{
    private readonly List<OutboxEntry> _entries = [];
    private readonly HashSet<long> _overtaken = [];
    private readonly Dictionary<long, string> _givenUp = [];

    /// <summary>Every message ever put in, in order, with what became of it.</summary>
    public IReadOnlyList<OutboxEntry> Entries => _entries;

    /// <summary>Called before anything is written; what it throws leaves the outbox as it was.</summary>
    public Action? BeforeWrite { get; set; }

    /// <summary>Puts in what came with a fact.</summary>
    public void Take(ImmutableArray<ForgeMessage> messages)
    {
        foreach (var message in messages.IsDefault ? [] : messages)
        {
            _overtaken.UnionWith(_entries.Where(entry => IsWaiting(entry) && entry.Message.Subject == message.Subject).Select(entry => entry.Number));
            _entries.Add(new OutboxEntry(_entries.Count + 1, message, Now, 0, Now, null, null, null));
        }
    }

    public void Add(ImmutableArray<ForgeMessage> messages)
    {
        BeforeWrite?.Invoke();
        foreach (var message in messages)
        {
            if (Newest(message.Subject)?.Message != message)
            {
                Take([message]);
            }
        }
    }

    /// <summary>What was not sent yet, oldest first.</summary>
    public ImmutableArray<OutboxEntry> Waiting(int limit) => [.. _entries.Where(IsWaiting).Take(limit)];

    public ImmutableArray<OutboxEntry> Due(int limit) =>
        [.. _entries.Where(entry => IsWaiting(entry) && entry.DueAt <= Now).OrderBy(entry => entry.DueAt).ThenBy(entry => entry.Number).Take(limit)];

    public void Sent(long number, Uri? link, ImmutableArray<ForgeMessage> next)
    {
        BeforeWrite?.Invoke();
        Change(number, entry => entry with { SentAt = Now, Link = link, Trouble = null }, evenOvertaken: true);
        Take(next);
    }

    public void Postpone(long number, string detail, DateTimeOffset until)
    {
        BeforeWrite?.Invoke();
        Change(number, entry => entry with { Attempts = entry.Attempts + 1, DueAt = Cut(until), Trouble = detail });
    }

    public void GiveUp(long number, string reason)
    {
        BeforeWrite?.Invoke();
        if (IsWaiting(_entries[(int)number - 1]))
        {
            _givenUp[number] = reason;
        }
    }

    public OutboxEntry? Newest(string subject) =>
        _entries.LastOrDefault(entry => entry.Message.Subject == subject && (entry.SentAt is not null || IsWaiting(entry)));

    public OutboxState State()
    {
        var waiting = Waiting(int.MaxValue);
        return new OutboxState(
            waiting.Length,
            waiting.IsEmpty ? null : waiting.Min(entry => entry.AddedAt),
            waiting.FirstOrDefault(entry => entry.Trouble is not null)?.Trouble,
            _entries.Max(entry => entry.SentAt),
            _givenUp.Count,
            _givenUp.Count == 0 ? null : _givenUp[_givenUp.Keys.Max()],
            waiting.IsEmpty ? null : waiting.Min(entry => entry.DueAt));
    }

    private DateTimeOffset Now => Cut(clock.GetUtcNow());

    private bool IsWaiting(OutboxEntry entry) =>
        entry.SentAt is null && !_overtaken.Contains(entry.Number) && !_givenUp.ContainsKey(entry.Number);

    private void Change(long number, Func<OutboxEntry, OutboxEntry> change, bool evenOvertaken = false)
    {
        var entry = _entries[(int)number - 1];
        if (IsWaiting(entry) || (evenOvertaken && _overtaken.Contains(number)))
        {
            _entries[(int)number - 1] = change(entry);
        }
    }

    private static DateTimeOffset Cut(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
}
