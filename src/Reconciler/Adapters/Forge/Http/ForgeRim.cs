using System.Collections.Immutable;
using Reconciler.Ports;

namespace Reconciler.Adapters.Forge.Http;

/// <summary>The rim of an adapter: trouble becomes an answer.</summary>
internal static class ForgeRim
{
    /// <summary>Runs something that tells.</summary>
    public static async Task<ForgeAnswer> AnswerAsync(Func<Task<ForgeAnswer>> tell)
    {
        try
        {
            return await tell();
        }
        catch (ForgeTroubleException trouble)
        {
            return trouble.Answer;
        }
    }

    /// <summary>Runs something that lists.</summary>
    public static async Task<PullRequestsAnswer> ListAsync(Func<Task<ImmutableArray<PullRequest>>> list)
    {
        try
        {
            return new PullRequestsAnswer.Open(await list());
        }
        catch (ForgeTroubleException trouble)
        {
            return new PullRequestsAnswer.Failed(trouble.Message, (trouble.Answer as ForgeAnswer.Later)?.NotBefore);
        }
    }

    /// <summary>Runs an examination; trouble is a finding.</summary>
    public static async Task<ImmutableArray<ForgeFinding>> ExamineAsync(Func<Task<ImmutableArray<ForgeFinding>>> examine)
    {
        try
        {
            return await examine();
        }
        catch (ForgeTroubleException trouble)
        {
            return [new ForgeFinding("access", false, trouble.Message, "Look at the address, the repository's name and the token.")];
        }
    }

    /// <summary>A finding whose cure is told only where one is needed.</summary>
    public static ForgeFinding Found(string subject, bool isWell, string detail, string cure) => new(subject, isWell, detail, isWell ? "" : cure);
}
