namespace Reconciler.Tests.Simulation;

/// <summary>What changes a machine, and so needs its intent in the ledger first.</summary>
internal enum Act
{
    /// <summary>A system is activated.</summary>
    Activate,

    /// <summary>Profile or boot entry is moved.</summary>
    MakeBootDefault,

    /// <summary>The machine is rebooted.</summary>
    Reboot,
}
