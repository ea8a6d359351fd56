namespace Reconciler.Model;

/// <summary>One entry of the system profile.</summary>
/// <remarks>The number alone names neither a commit nor a closure: Nix reuses and deletes numbers. Keep number, path and time together.</remarks>
/// <param name="Number">The number in the system profile, from 1.</param>
/// <param name="Toplevel">The system it holds.</param>
/// <param name="Made">When the profile link was made.</param>
/// <param name="IsBootDefault">Whether the profile points at it.</param>
internal sealed record Generation(int Number, Toplevel Toplevel, DateTimeOffset Made, bool IsBootDefault);
