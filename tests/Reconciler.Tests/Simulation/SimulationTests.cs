using System.Collections.Concurrent;
using System.Globalization;
using Xunit;

namespace Reconciler.Tests.Simulation;

public sealed class SimulationTests
{
    /// <summary>Lives in one test run. RECONCILER_LIVES sets another number, for long runs.</summary>
    private static readonly int Lives =
        int.TryParse(Environment.GetEnvironmentVariable("RECONCILER_LIVES"), NumberStyles.None, CultureInfo.InvariantCulture, out var lives) ? lives : 100_000;

    [Fact]
    public async Task EveryLife_KeepsTheRules()
    {
        var (mended, met) = await LiveAsync(Lives, life => life.LiveAsync());
        Assert.True(Lives < 1000 || (mended > 0 && met > 0), "no life met a damaged store, so nothing is known of that");
    }

    [Fact]
    public Task AWeekOfOutagesOfTheForge_LosesAndDoublesNothing() => LiveAsync(Math.Min(Lives, 500), life => life.LiveAWeekAsync());

    private static async Task<(long Mended, long Met)> LiveAsync(int lives, Func<SimulatedLife, Task> live)
    {
        var broken = new ConcurrentQueue<string>();
        long passes = 0;
        long crashes = 0;
        long mended = 0;
        long met = 0;
        await Parallel.ForAsync(0, lives, TestContext.Current.CancellationToken, async (seed, _) =>
        {
            if (broken.Count >= 3)
            {
                return;
            }

            var life = new SimulatedLife(seed);
            try
            {
                await live(life);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                broken.Enqueue(await DescribeAsync(seed, e, live));
            }

            Interlocked.Add(ref passes, life.Passes);
            Interlocked.Add(ref crashes, life.Crashes);
            Interlocked.Add(ref mended, life.Damage.Removed);
            Interlocked.Add(ref met, life.Damage.Met);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"{lives} lives, {passes} passes, {crashes} crashes, {mended} damaged systems mended, {met} met by builds");
        Assert.True(broken.IsEmpty, string.Join("\n\n", broken));
        return (mended, met);
    }

    [Theory]
    [MemberData(nameof(Remembered))]
    public Task RememberedSeed_KeepsTheRules(int seed) => new SimulatedLife(seed).LiveAsync();

    /// <summary>Every seed that ever failed, from seeds.txt.</summary>
    public static TheoryData<int> Remembered() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Simulation", "seeds.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))];

    // Lived once more, with its story kept: the seed brings the same life.
    private static async Task<string> DescribeAsync(int seed, Exception e, Func<SimulatedLife, Task> live)
    {
        var again = new SimulatedLife(seed, traced: true);
        await live(again).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return $"seed {seed}: not true that {e.Message} [{e.GetType().Name}]\n{string.Join('\n', again.Trace.TakeLast(40))}\n{(e is BrokenInvariantException ? "" : e.StackTrace)}";
    }
}
