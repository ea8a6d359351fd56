using Reconciler.Model;
using Reconciler.Ports;

namespace Reconciler.Tests.Fakes;

/// <summary>A boot loader that does what it is told, and a machine that does not go down; what it was asked is written down.</summary>
internal sealed class FakeReboots : IHostReboots
{
    /// <summary>What was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What stands in the way.</summary>
    public RebootObstacles Obstacles { get; set; } = RebootObstacles.None;

    /// <summary>Why nothing can be chosen for the next boot; null when it can.</summary>
    public Failure? ArmTrouble { get; set; }

    /// <summary>Called when the next boot is chosen.</summary>
    public Action Arming { get; set; } = () => { };

    /// <summary>Why the menu will not do; null when it does.</summary>
    public Failure? MenuTrouble { get; set; }

    /// <summary>Whether the system stands in the menu.</summary>
    public bool IsInMenu { get; set; }

    /// <summary>What the failed boot left behind.</summary>
    public JournalExcerpt? Journal { get; set; }

    public Task<RebootObstacles> ObstaclesAsync(CancellationToken cancellationToken)
    {
        Asked.Add("obstacles");
        return Task.FromResult(Obstacles);
    }

    public Task AnnounceAsync(string message, CancellationToken cancellationToken)
    {
        Asked.Add($"announce {message}");
        return Task.CompletedTask;
    }

    public Task<Failure?> AddToMenuAsync(Toplevel toplevel, CancellationToken cancellationToken)
    {
        Asked.Add($"add {toplevel.Name}");
        IsInMenu = true;
        return Task.FromResult<Failure?>(null);
    }

    public Task<Failure?> CheckMenuAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        Asked.Add($"check {toplevel.Name} beside {boots.Name}");
        return Task.FromResult(MenuTrouble);
    }

    public Task<Failure?> ArmAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken)
    {
        Asked.Add($"arm {toplevel.Name} beside {boots.Name}");
        Arming();
        return Task.FromResult(ArmTrouble);
    }

    public Task DisarmAsync(CancellationToken cancellationToken)
    {
        Asked.Add("disarm");
        return Task.CompletedTask;
    }

    public Task<bool> LeaveMenuAsync(CancellationToken cancellationToken)
    {
        Asked.Add("leave");
        (var was, IsInMenu) = (IsInMenu, false);
        return Task.FromResult(was);
    }

    public Task<Failure?> RebootAsync(bool inhibited, CancellationToken cancellationToken)
    {
        Asked.Add(inhibited ? "reboot though inhibited" : "reboot");
        return Task.FromResult<Failure?>(null);
    }

    public Task<JournalExcerpt?> JournalOfFailedBootAsync(string bootIdBefore, CancellationToken cancellationToken)
    {
        Asked.Add($"journal since {bootIdBefore}");
        return Task.FromResult(Journal);
    }
}
