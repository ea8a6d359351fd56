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

    public string LastCrash { get; private set; } = "";

    public bool Of(double probability) => probability > 0 && _dice.NextDouble() < probability;

    public int Below(int limit) => _dice.Next(limit);

    public T Pick<T>(params ReadOnlySpan<T> from) => from[_dice.Next(from.Length)];

    /// <summary>The world calms down: nothing goes wrong any more.</summary>
    public void Calm() => (Crash, Power, LedgerTrouble, Trouble) = (0, 0, 0, 0);

    /// <summary>Here the daemon may die, or the power fail.</summary>
    public void MayCrash(string where)
    {
        if (Of(Power))
        {
            LastCrash = $"power cut {where}";
            PowerCut();
            throw new Crash(LastCrash);
        }

        if (Of(Crash))
        {
            LastCrash = $"kill -9 {where}";
            throw new Crash(LastCrash);
        }
    }
}
