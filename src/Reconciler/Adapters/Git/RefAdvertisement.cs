using System.Collections.Immutable;
using System.Text;
using Reconciler.Model;

namespace Reconciler.Adapters.Git;

/// <summary>What a server says when it is first asked. A closed set.</summary>
internal abstract record RefAdvertisement
{
    private const long MostBytes = 64L << 20;
    private const long MostListBytes = 4L << 20;

    private RefAdvertisement() { }

    /// <summary>It speaks version 2 and can list refs.</summary>
    /// <param name="ObjectFormat">The kind of object id it names; null when it names none.</param>
    public sealed record Version2(string? ObjectFormat) : RefAdvertisement;

    /// <summary>It speaks an older version and listed its refs at once.</summary>
    /// <param name="ObjectIds">Object ids of those wanted refs it has.</param>
    public sealed record Listed(ImmutableDictionary<string, string> ObjectIds) : RefAdvertisement;

    /// <summary>Reads the answer to <c>info/refs?service=git-upload-pack</c>.</summary>
    /// <param name="stream">The body.</param>
    /// <param name="wanted">Full names of the refs to look for.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PktLineException">It makes no sense.</exception>
    public static async Task<RefAdvertisement> ReadAsync(Stream stream, ImmutableArray<string> wanted, CancellationToken cancellationToken)
    {
        var reader = new PktLineReader(stream, MostBytes);
        var line = await reader.ReadAsync(cancellationToken);
        if (line is { Kind: PktLineKind.Data } && line.Text.StartsWith("# service=", StringComparison.Ordinal))
        {
            line = await reader.ReadAsync(cancellationToken);
            line = line.Kind == PktLineKind.Flush ? await reader.ReadAsync(cancellationToken) : line;
        }

        return line.Text switch
        {
            "version 2" => await CapabilitiesAsync(reader, cancellationToken),
            "version 1" => new Listed(await ListAsync(reader, await reader.ReadAsync(cancellationToken), wanted, cancellationToken)),
            _ => new Listed(await ListAsync(reader, line, wanted, cancellationToken)),
        };
    }

    /// <summary>The body that asks for refs in version 2.</summary>
    public static byte[] Request(ImmutableArray<string> wanted, string? objectFormat)
    {
        var body = new StringBuilder();
        Add("command=ls-refs\n");
        if (objectFormat is not null)
        {
            Add($"object-format={objectFormat}\n");
        }

        body.Append("0001");
        foreach (var name in wanted)
        {
            Add($"ref-prefix {name}\n");
        }

        return Encoding.UTF8.GetBytes(body.Append("0000").ToString());

        void Add(string line) => body.Append(System.Globalization.CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(line) + 4:x4}{line}");
    }

    /// <summary>Reads the answer to <see cref="Request"/>.</summary>
    /// <exception cref="PktLineException">It makes no sense.</exception>
    public static async Task<ImmutableDictionary<string, string>> ReadListAsync(
        Stream stream, ImmutableArray<string> wanted, CancellationToken cancellationToken)
    {
        var reader = new PktLineReader(stream, MostListBytes);
        return await ListAsync(reader, await reader.ReadAsync(cancellationToken), wanted, cancellationToken);
    }

    private static async Task<Version2> CapabilitiesAsync(PktLineReader reader, CancellationToken cancellationToken)
    {
        string? format = null;
        var lists = false;
        for (var line = await reader.ReadAsync(cancellationToken); line.Kind == PktLineKind.Data; line = await reader.ReadAsync(cancellationToken))
        {
            lists |= line.Text == "ls-refs" || line.Text.StartsWith("ls-refs=", StringComparison.Ordinal);
            format = line.Text is "object-format=sha1" or "object-format=sha256" ? line.Text["object-format=".Length..] : format;
        }

        return lists ? new Version2(format) : throw new PktLineException("no ls-refs among its capabilities");
    }

    private static async Task<ImmutableDictionary<string, string>> ListAsync(
        PktLineReader reader, PktLine line, ImmutableArray<string> wanted, CancellationToken cancellationToken)
    {
        var found = ImmutableDictionary<string, string>.Empty;
        for (; line.Kind == PktLineKind.Data; line = await reader.ReadAsync(cancellationToken))
        {
            if (line.Text.StartsWith("ERR ", StringComparison.Ordinal))
            {
                throw new PktLineException($"the error '{OneLine.Of(line.Text[4..], 200)}'");
            }

            if (line.Text.StartsWith("shallow ", StringComparison.Ordinal))
            {
                continue;
            }

            // "<object id> <ref>[ <attribute>]…" in version 2, "<object id> <ref>[\0<capabilities>]" before it.
            var blank = line.Text.IndexOf(' ', StringComparison.Ordinal);
            if (blank < 0 || (!Revision.TryParse(line.Text[..blank], out _) && line.Text[..blank] != "unborn"))
            {
                throw new PktLineException("a line that is no ref");
            }

            var name = line.Text[(blank + 1)..];
            var end = name.AsSpan().IndexOfAny(' ', '\0');
            name = end < 0 ? name : name[..end];
            if (wanted.Contains(name))
            {
                found = found.SetItem(name, line.Text[..blank]);
            }
        }

        return found;
    }
}
