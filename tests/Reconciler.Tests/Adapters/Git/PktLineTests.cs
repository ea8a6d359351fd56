using System.Collections.Immutable;
using System.Text;
using Reconciler.Adapters.Git;
using Xunit;

namespace Reconciler.Tests.Adapters.Git;

public sealed class PktLineTests
{
    private const string Id = "0123456789012345678901234567890123456789";
    private static readonly ImmutableArray<string> Wanted = ["refs/heads/main", "refs/heads/testing"];

    [Fact]
    public async Task Read_TakesOnlyTheWantedRefs()
    {
        var list = Line($"{Id} refs/heads/main\n") + Line($"{Id} refs/heads/main2\n") + Line($"{Id} refs/heads/testing peeled:{Id}\n") + "0000";

        var found = await RefAdvertisement.ReadListAsync(Of(list), Wanted, CancellationToken.None);

        Assert.Equal(Wanted, found.Keys.Order());
    }

    [Fact]
    public async Task Read_KnowsTheVersions()
    {
        var two = Line("# service=git-upload-pack\n") + "0000" + Line("version 2\n") + Line("ls-refs=unborn\n") + Line("object-format=sha1\n") + "0000";
        var old = Line("# service=git-upload-pack\n") + "0000" + Line($"{Id} HEAD\0 multi_ack symref=HEAD:refs/heads/main\n") + Line($"{Id} refs/heads/main\n") + "0000";
        var one = Line("version 1\n") + Line($"{Id} refs/heads/main\0caps\n") + "0000";
        var empty = Line($"{new string('0', 40)} capabilities^{{}}\0caps\n") + "0000";

        Assert.Equal(new RefAdvertisement.Version2("sha1"), await RefAdvertisement.ReadAsync(Of(two), Wanted, CancellationToken.None));
        Assert.Equal(Id, Listed(await RefAdvertisement.ReadAsync(Of(old), Wanted, CancellationToken.None))["refs/heads/main"]);
        Assert.Equal(Id, Listed(await RefAdvertisement.ReadAsync(Of(one), Wanted, CancellationToken.None))["refs/heads/main"]);
        Assert.Empty(Listed(await RefAdvertisement.ReadAsync(Of(empty), Wanted, CancellationToken.None)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000")]
    [InlineData("zzzz")]
    [InlineData("+004")]
    [InlineData("0003")]
    [InlineData("fff1")]
    [InlineData("0010short")]
    [InlineData("0009what\n0000")]
    [InlineData("000dERR no!\n0000")]
    public async Task Read_RefusesNonsense(string text) =>
        await Assert.ThrowsAsync<PktLineException>(() => RefAdvertisement.ReadListAsync(Of(text), Wanted, CancellationToken.None));

    [Fact]
    public async Task Read_OfMoreThanTheLimit_Stops()
    {
        using var endless = new Endless(Encoding.UTF8.GetBytes(Line($"{Id} refs/heads/{new string('x', 200)}\n")));

        await Assert.ThrowsAsync<PktLineException>(() => RefAdvertisement.ReadListAsync(endless, Wanted, CancellationToken.None));

        Assert.InRange(endless.Sent, 1 << 20, 8 << 20);
    }

    [Fact]
    public async Task Read_OfAnythingAtAll_GivesAnAnswerOrPktLineException()
    {
        string[] seeds =
        [
            Line("# service=git-upload-pack\n") + "0000" + Line("version 2\n") + Line("ls-refs\n") + "0000",
            Line("# service=git-upload-pack\n") + "0000" + Line($"{Id} HEAD\0caps\n") + Line($"{Id} refs/heads/main\n") + "0000",
            Line($"{Id} refs/heads/main\n") + "0001" + Line("unborn refs/heads/testing\n") + "0002",
        ];
        var random = new Random(20261122);
        var answers = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(seeds[random.Next(seeds.Length)]).ToList();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0: bytes[at] = (byte)random.Next(256); break;
                    case 1: bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at)); break;
                    case 2: bytes.InsertRange(at, Enumerable.Range(0, random.Next(8)).Select(_ => (byte)random.Next(256))); break;
                    default: bytes[at] = (byte)"0123456789abcdef\0 \n"[random.Next(19)]; break;
                }

                if (bytes.Count == 0)
                {
                    bytes.Add(0);
                }
            }

            try
            {
                using var stream = new MemoryStream([.. bytes]);
                _ = random.Next(2) == 0
                    ? (object)await RefAdvertisement.ReadAsync(stream, Wanted, CancellationToken.None)
                    : await RefAdvertisement.ReadListAsync(stream, Wanted, CancellationToken.None);
                answers++;
            }
            catch (PktLineException)
            {
                // expected
            }
        }

        Assert.InRange(answers, 500, 19_500);
    }

    [Fact]
    public void Request_IsAsDocumented() =>
        Assert.Equal(
            "0014command=ls-refs\n0017object-format=sha1\n0001001fref-prefix refs/heads/main\n0022ref-prefix refs/heads/testing\n0000",
            Encoding.UTF8.GetString(RefAdvertisement.Request(Wanted, "sha1")));

    private static ImmutableDictionary<string, string> Listed(RefAdvertisement advertisement) => Assert.IsType<RefAdvertisement.Listed>(advertisement).ObjectIds;

    private static string Line(string text) => $"{text.Length + 4:x4}{text}";

    private static MemoryStream Of(string text) => new(Encoding.UTF8.GetBytes(text));

    private sealed class Endless(byte[] pattern) : Stream
    {
        public long Sent { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            for (var i = 0; i < count; i++)
            {
                buffer[offset + i] = pattern[(int)(Sent++ % pattern.Length)];
            }

            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
