using System.Diagnostics;
using System.Globalization;
using Reconciler.Adapters.Sqlite;
using Reconciler.History;
using Reconciler.Model;
using Reconciler.Ports;
using Reconciler.Tests.Making;
using Xunit;

namespace Reconciler.Tests.Adapters.Sqlite;

/// <summary>What becomes of the ledger when the process, or the disk, goes away under it.</summary>
public sealed class SqliteLedgerCrashTests : IDisposable
{
    private static readonly LedgerEvent Fact = new LedgerEvent.Suspended(new string('x', 8000));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_KilledAtAnyMoment_KeepsAllThatWasAcknowledged()
    {
        var path = _folder.At("ledger.db");
        var acknowledged = new Dictionary<long, string>();
        var random = new Random(20260301);
        for (var life = 0; life < 5; life++)
        {
            using var child = AppendingChild.Start(path);
            var last = random.Next(1, 60);
            for (var i = 0; i < last; i++)
            {
                Note(await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            }

            child.Kill();
            while (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                Note(line);
            }

            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            using var ledger = SqliteLedger.Open(path, TimeProvider.System);
            Assert.Null(ledger.Verify().Fault);
            Assert.InRange(ledger.Position, acknowledged.Keys.Max(), acknowledged.Keys.Max() + 1);
            var stored = new Dictionary<long, string>();
            ledger.Read(0, row => stored.Add(row.Position, row.Hash));
            Assert.All(acknowledged, a => Assert.Equal(a.Value, stored[a.Key]));
        }

        void Note(string? line)
        {
            // The kill may have cut the last line.
            if (line?.Split(' ') is [var position, { Length: 64 } hash])
            {
                acknowledged[long.Parse(position, CultureInfo.InvariantCulture)] = hash;
            }
        }
    }

    [Fact]
    public async Task Open_WhileAnotherProcessHasIt_IsRefused_AndGrantedOnceItWasKilled()
    {
        var path = _folder.At("ledger.db");
        using var child = AppendingChild.Start(path);
        await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        var e = Assert.Throws<LedgerInUseException>(() => SqliteLedger.Open(path, TimeProvider.System));
        Assert.Contains("in use by another Reconciler", e.Message, StringComparison.Ordinal);
        using (var reader = SqliteLedger.OpenReadOnly(path, TimeProvider.System))
        {
            Assert.True(reader.Position > 0);
        }

        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var ledger = SqliteLedger.Open(path, TimeProvider.System);
        Assert.True(ledger.Position > 0);
    }

    [Fact]
    public void Append_OnAFullDisk_SaysSo_AndGoesOnWhenThereIsRoom()
    {
        using var disk = SmallDisk.Mount(_folder, "size=512k");
        using var ledger = SqliteLedger.Open(disk.At("ledger.db"), TimeProvider.System);
        var ballast = disk.At("ballast");
        Fill(ballast);

        LedgerUnavailableException? full = null;
        for (var i = 0; i < 1000 && full is null; i++)
        {
            try
            {
                ledger.Append(Fact, Actor.Daemon);
            }
            catch (LedgerUnavailableException e)
            {
                full = e;
            }
        }

        Assert.Contains("its disk is full", full!.Message, StringComparison.Ordinal);
        Assert.Contains(disk.At("ledger.db"), full.Message, StringComparison.Ordinal);
        var before = ledger.Position;
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("its disk is full", Assert.Throws<LedgerUnavailableException>(() => ledger.Append(Fact, Actor.Daemon)).Message, StringComparison.Ordinal);
        }

        File.Delete(ballast);

        Assert.Equal(before, ledger.Position);
        Assert.Equal(before + 1, ledger.Append(Fact, Actor.Daemon, onlyAfter: before).Position);
        Assert.Equal(before + 1, ledger.ReadAfter(0).Count);
        Assert.Null(ledger.Verify().Fault);
    }

    [Fact]
    public void Open_OnAFullDisk_SaysSo()
    {
        using var disk = SmallDisk.Mount(_folder, "size=64k");
        Fill(disk.At("ballast"));

        var e = Assert.Throws<LedgerUnavailableException>(() => SqliteLedger.Open(disk.At("ledger.db"), TimeProvider.System));

        Assert.Contains("its disk is full", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_OnADiskThatBecameReadOnly_SaysSo_AndGoesOnWhenItIsWritable()
    {
        using var disk = SmallDisk.Mount(_folder, "size=2m");
        var path = disk.At("ledger.db");
        using (var ledger = SqliteLedger.Open(path, TimeProvider.System))
        {
            ledger.Append(Fact, Actor.Daemon);
        }

        disk.Remount("ro");

        var e = Assert.Throws<LedgerUnavailableException>(() => SqliteLedger.Open(path, TimeProvider.System));
        Assert.Contains("ead-only", e.Message, StringComparison.Ordinal);
        using (var reader = SqliteLedger.OpenReadOnly(path, TimeProvider.System))
        {
            Assert.Single(reader.ReadAfter(0));
            Assert.Null(reader.Verify().Fault);
        }

        disk.Remount("rw");
        using var again = SqliteLedger.Open(path, TimeProvider.System);
        Assert.Equal(2, again.Append(Fact, Actor.Daemon).Position);
    }

    [Fact]
    public void OpenReadOnly_OnAReadOnlyDisk_WithNewestEntriesInTheLog_DoesNotHideThem()
    {
        using var disk = SmallDisk.Mount(_folder, "size=2m");
        var path = disk.At("ledger.db");
        var elsewhere = _folder.At("ledger.db");
        using (var ledger = SqliteLedger.Open(elsewhere, TimeProvider.System))
        {
            ledger.Append(Fact, Actor.Daemon);
            File.Copy(elsewhere, path);
            File.Copy(elsewhere + "-wal", path + "-wal");
        }

        disk.Remount("ro");

        var e = Assert.Throws<LedgerUnavailableException>(() => SqliteLedger.OpenReadOnly(path, TimeProvider.System));
        Assert.Contains("newest entries", e.Message, StringComparison.Ordinal);
    }

    private static void Fill(string ballast)
    {
        using var file = File.Create(ballast, 1);
        try
        {
            while (true)
            {
                file.Write(new byte[4096]);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    /// <summary>A small file system of its own; the test is skipped where none can be mounted.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string _path;

        private SmallDisk(string path) => _path = path;

        public static SmallDisk Mount(TempFolder folder, string options)
        {
            var path = Directory.CreateDirectory(folder.At("disk")).FullName;
            Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path), "No file system can be mounted here; run as root.");
            return new SmallDisk(path);
        }

        public string At(string name) => Path.Combine(_path, name);

        public void Remount(string mode) => Assert.True(Run("mount", "-o", $"remount,{mode}", _path));

        public void Dispose() => Run("umount", "--lazy", _path);

        private static bool Run(string program, params IEnumerable<string> arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }
}
