namespace Reconciler.Tests.Simulation;

/// <summary>What may go wrong, and how often; all of it decided by one seed.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _dice = new(seed);

    /// <summary>Set by the world: what a power cut does to it.</summary>
    public Action PowerCut { get; set; } = () => { };

    public double Crash { get; set; }

    public double Power { get; set; }

    public double LedgerTrouble { get; set; }

    public double Trouble { get; set; }

    /// <summary>How often an operator speaks in the middle of a step.</summary>
    public double Speech { get; set; }

    /// <summary>Set by the life: an operator says something.</summary>
    public Action Speak { get; set; } = () => { };

    /// <summary>Instead of chance: the place where the daemon dies next, and whether the power fails with it. Happens once.</summary>
    public (string Where, bool IsPowerCut)? Doom { get; set; }

    /// <summary>How the daemon died, until its next start; null while it lives.</summary>
    public string? Death { get; private set; }

    public bool Of(double probability) => probability > 0 && _dice.NextDouble() < probability;

    public int Below(int limit) => _dice.Next(limit);

    public T Pick<T>(params ReadOnlySpan<T> from) => from[_dice.Next(from.Length)];

    /// <summary>The world calms down: nothing goes wrong any more.</summary>
    public void Calm() => (Crash, Power, LedgerTrouble, Trouble, Speech) = (0, 0, 0, 0, 0);

    /// <summary>Here the daemon may be killed, or the power fail: then nothing of it runs any more, not even what would tidy up.</summary>
    public bool Strikes(string where)
    {
        if (Doom is { } doom && doom.Where == where)
        {
            Doom = null;
            if (doom.IsPowerCut)
            {
                PowerCut();
            }

            Die($"{(doom.IsPowerCut ? "power cut" : "kill -9")} {where}");
            return true;
        }

        if (Of(Power))
        {
            PowerCut();
            Die($"power cut {where}");
            return true;
        }

        if (Of(Crash))
        {
            Die($"kill -9 {where}");
            return true;
        }

        return false;
    }

    /// <summary>Here an operator may speak, while the daemon is at work; whether it died of that.</summary>
    public bool DiesSpokenTo()
    {
        if (Of(Speech))
        {
            Speak();
        }

        return Death is not null;
    }

    /// <summary>The daemon is dead.</summary>
    public void Die(string how) => Death = how;

    /// <summary>Another daemon starts.</summary>
    public void Revive() => Death = null;

    /// <summary>What a dead daemon waits for.</summary>
    public static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
