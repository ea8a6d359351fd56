using System.CommandLine;
using System.Globalization;

namespace Reconciler.Cli;

/// <summary>An argument that is a whole number, above none.</summary>
internal static class NumberArgument
{
    /// <summary>Makes it.</summary>
    /// <typeparam name="T"><see cref="int"/> or <see cref="long"/>, or null of them.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it means.</param>
    /// <param name="source">Where people find such a number.</param>
    public static Argument<T> Of<T>(string name, string description, string source) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var most = typeof(T) == typeof(int?) || typeof(T) == typeof(int) ? int.MaxValue : long.MaxValue;
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
            {
                return (T)Convert.ChangeType(number, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), CultureInfo.InvariantCulture);
            }

            result.AddError($"'{result.Tokens[0].Value}' is not the number of a {name}; {source} shows them.");
            return default;
        },
    };
}
