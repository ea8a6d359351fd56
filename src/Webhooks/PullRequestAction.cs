namespace Webhooks;

/// <summary>What happened to a pull request. Labels, reviews and the like are not heard.</summary>
public enum PullRequestAction
{
    /// <summary>It is new.</summary>
    Opened,

    /// <summary>Its branch was pushed to.</summary>
    Synchronized,

    /// <summary>It was closed and is open again.</summary>
    Reopened,

    /// <summary>It was closed, merged or not.</summary>
    Closed,
}
