using System.Globalization;
using System.Text.Json;

namespace Reconciler.HostTests;

/// <summary>
/// Power cuts at random moments of build, trial, confirming and rolling back, one after another on the same machine, with a disk that loses what was
/// not flushed. RECONCILER_CUTS is their number over all machines, RECONCILER_CUT_SEED the seed; both are printed.
/// </summary>
/// <remarks>A seed brings the same commits, and the same plan of where to cut; the very instant depends on how fast the machine is.</remarks>
public sealed class RandomPowerCutTests(Beginnings beginnings) : HostTest(beginnings)
{
    private const int Machines = 3;
    private static readonly int Cuts = Number("RECONCILER_CUTS") ?? 9;
    private static readonly int Seed = Number("RECONCILER_CUT_SEED") ?? Random.Shared.Next(1_000_000);

    /// <inheritdoc/>
    protected override MachineKind Kind { get; } = new() { HasDisk = true };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ManyCuts_EndEachCommitAsItDeserves(int machine)
    {
        var cuts = (Cuts + Machines - 1 - machine) / Machines;
        var story = new CutStory(World, new Random((Seed * Machines) + machine));
        try
        {
            while (story.Cuts < cuts)
            {
                await story.NextCommitAsync(cuts);
            }

            await story.EndAsync();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"RECONCILER_CUT_SEED={Seed}, machine {machine}: {e.Message}\n{story}", e);
        }

        await Console.Out.WriteLineAsync($"RECONCILER_CUT_SEED={Seed}, machine {machine}: {story.Figures}");
        TestContext.Current.TestOutputHelper?.WriteLine(story.ToString());
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
