namespace Reconciler.Model;

/// <summary>When a system is tried by booting it instead of being activated.</summary>
internal enum RebootWhen
{
    /// <summary>Never: what takes effect only after a boot waits for one that somebody else brings.</summary>
    Never,

    /// <summary>When a part of it takes effect only after a boot.</summary>
    WhenNeeded,

    /// <summary>Always.</summary>
    Always,
}
