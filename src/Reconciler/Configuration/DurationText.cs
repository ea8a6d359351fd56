using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>Lengths of time as people write them in configuration: <c>500ms</c>, <c>5s</c>, <c>1m30s</c>, <c>2h</c>, <c>1d</c>.</summary>
internal static class DurationText
{
    // Largest first: the parts of a length of time come in this order, each at most once.
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Reads a length of time; says false for anything else, a number without a unit included.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var rest = text.AsSpan();
        var sum = TimeSpan.Zero;
        var nextUnit = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 6)
            {
                return false;
            }

            var afterNumber = rest[digits..];
            var letters = afterNumber.IndexOfAnyInRange('0', '9') is var end and >= 0 ? end : afterNumber.Length;
            var unit = UnitAt(afterNumber[..letters]);
            if (unit < nextUnit)
            {
                return false;
            }

            sum += Units[unit].Length * int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            nextUnit = unit + 1;
            rest = afterNumber[letters..];
        }

        duration = sum;
        return true;
    }

    /// <summary>Writes a length of time the way it is read.</summary>
    public static string Format(TimeSpan duration)
    {
        int[] counts = [duration.Days, duration.Hours, duration.Minutes, duration.Seconds, duration.Milliseconds];
        var text = string.Concat(Units.Zip(counts)
            .Where(part => part.Second != 0)
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Second}{part.First.Unit}")));
        return text.Length == 0 ? "0s" : text;
    }

    private static int UnitAt(ReadOnlySpan<char> unit)
    {
        for (var i = 0; i < Units.Length; i++)
        {
            if (unit.SequenceEqual(Units[i].Unit))
            {
                return i;
            }
        }

        return -1;
    }
}
