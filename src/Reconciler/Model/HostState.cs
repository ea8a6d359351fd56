namespace Reconciler.Model;

/// <summary>What a machine runs and would boot, read from its links at one instant.</summary>
/// <param name="Running">What <c>/run/current-system</c> points at; null before the first activation.</param>
/// <param name="Booted">What <c>/run/booted-system</c> points at; null when unknown.</param>
/// <param name="BootDefault">What the system profile points at; null when there is no profile.</param>
/// <param name="BootId">The kernel's boot id.</param>
internal sealed record HostState(Toplevel? Running, Toplevel? Booted, Toplevel? BootDefault, string BootId);
