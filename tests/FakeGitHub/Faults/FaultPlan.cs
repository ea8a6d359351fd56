namespace FakeGitHub.Faults;

/// <summary>The faults to come. The first rule that fits and strikes wins.</summary>
internal sealed class FaultPlan(int seed)
{
    private readonly List<FaultRule> _rules = [];
    private readonly Random _random = new(seed);

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_rules)
            {
                return [.. _rules];
            }
        }
    }

    public void Add(FaultRule rule)
    {
        lock (_rules)
        {
            _rules.Add(rule);
        }
    }

    /// <summary>Once, for the next request that fits.</summary>
    public void Once(Fault fault, string? method = null, string path = "*") => Add(new FaultRule(fault, method, path) { Times = 1 });

    /// <summary>Everything fails until <see cref="Clear"/>.</summary>
    public void Outage() => Add(new FaultRule(new Fault.Unavailable()));

    public void Clear()
    {
        lock (_rules)
        {
            _rules.Clear();
        }
    }

    /// <summary>What strikes this request; null for nothing.</summary>
    public Fault? Take(string method, string path)
    {
        lock (_rules)
        {
            for (var i = 0; i < _rules.Count; i++)
            {
                if (_rules[i].Fits(method, path) && Strikes(i))
                {
                    return _rules[i].Fault;
                }
            }

            return null;
        }
    }

    private bool Strikes(int i)
    {
        var rule = _rules[i];
        if (rule.After > 0)
        {
            _rules[i] = rule with { After = rule.After - 1 };
            return false;
        }

        if (rule.Times == 0 || (rule.Probability < 1 && _random.NextDouble() >= rule.Probability))
        {
            return false;
        }

        _rules[i] = rule with { Times = rule.Times - 1 };
        return true;
    }
}
