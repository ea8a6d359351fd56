namespace Reconciler.Model;

/// <summary>Where the system of a deployment comes from. A closed set.</summary>
internal abstract record DeploymentSource
{
    private DeploymentSource() { }

    /// <summary>A commit of a watched branch, or one an operator pinned.</summary>
    public sealed record Commit(Candidate Candidate) : DeploymentSource;

    /// <summary>An existing generation an operator asked to go back to.</summary>
    /// <param name="Number">Its number when it was asked for.</param>
    /// <param name="Toplevel">Its system, which is what counts.</param>
    /// <param name="Leaving">The revision that is being left, held until superseded or released; null when unknown.</param>
    public sealed record Generation(int Number, Toplevel Toplevel, Revision? Leaving) : DeploymentSource;
}
