using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Traces;

/// <summary>The ids of a trace, which follow from host and deployment: a trace that is sent once more is the same trace. Pure.</summary>
internal static class TraceIds
{
    private const int TraceBytes = 16;
    private const int SpanBytes = 8;

    /// <summary>The id of a deployment's trace.</summary>
    /// <remarks>When it began is part of it: a host whose ledger was begun anew counts its deployments from the first again.</remarks>
    public static string Trace(HostName host, Deployment deployment) =>
        Digits(string.Create(CultureInfo.InvariantCulture, $"{host}/{deployment.Id.Position}/{deployment.Began.UtcTicks}"), TraceBytes);

    /// <summary>The id of one of its spans.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="place">0 for the root, then in order.</param>
    public static string Span(string trace, int place) => Digits(string.Create(CultureInfo.InvariantCulture, $"{trace}/{place}"), SpanBytes);

    private static string Digits(string name, int length)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name))[..length];

        // All zeros would be no id.
        bytes[^1] |= bytes.AsSpan().ContainsAnyExcept((byte)0) ? (byte)0 : (byte)1;
        return Convert.ToHexStringLower(bytes);
    }
}
