using System.Diagnostics;
using Reconciler.Planning;

namespace Reconciler.Wire;

/// <summary>The words for what the daemon is doing.</summary>
internal static class StepText
{
    /// <summary>The step under way, in one line.</summary>
    public static string Headline(HostStep step) => step switch
    {
        HostStep.Adopt s => $"taking {s.Running.Name} as the system to come back to",
        HostStep.Select s => $"selecting {s.Candidate.Revision.Short}",
        HostStep.MendStore => "looking over what the last power cut or crash may have damaged in the store",
        HostStep.Build s => $"building {s.Revision.Short}",
        HostStep.Preview s => $"looking what {DeploymentText.Source(s.Deployment)} would change",
        HostStep.Try s => $"activating {DeploymentText.Source(s.Deployment)} on trial",
        HostStep.AwaitActivation s => $"waiting for the activation of {DeploymentText.Source(s.Deployment)} to end",
        HostStep.RecordActivation s => $"writing down how the activation of {DeploymentText.Source(s.Deployment)} ended",
        HostStep.TakeUp s => $"writing down that the dead-man's switch put the host back to {s.Deployment.RollBackTo.Name}",
        HostStep.Stage s => $"staging {DeploymentText.Source(s.Deployment)} for one boot",
        HostStep.AnnounceReboot s => $"announcing the reboot into {DeploymentText.Source(s.Deployment)}",
        HostStep.Reboot s => $"rebooting into {DeploymentText.Source(s.Deployment)} on trial",
        HostStep.TakeUpBoot s => $"writing down that the host came up on {DeploymentText.Source(s.Deployment)}",
        HostStep.Probe s => $"on trial: probing {DeploymentText.Source(s.Deployment)}",
        HostStep.Confirm s => $"confirming {DeploymentText.Source(s.Deployment)}",
        HostStep.ConfirmUnchanged s => $"confirming {DeploymentText.Source(s.Deployment)}, which changes nothing",
        HostStep.Accept s => $"accepting {DeploymentText.Source(s.Deployment)} for testing",
        HostStep.RollBack s => $"rolling back {DeploymentText.Source(s.Deployment)} to {s.To.Name}",
        HostStep.GiveUp s => $"giving up putting the host back after deployment {s.Deployment.Id}",
        HostStep.Fail s => $"ending deployment {s.Deployment.Id}, which failed",
        HostStep.Postpone s => $"postponing deployment {s.Deployment.Id}",
        HostStep.Supersede s => $"giving way to {s.By.Short}",
        HostStep.Tell s => $"telling the repository how deployment {s.Deployment.Id} ended",
        HostStep.ReportDrift s => $"writing down that {s.Running.NameBeside(s.Expected)} runs instead of {s.Expected.NameBeside(s.Running)}",
        HostStep.EndDrift s => $"writing down that {s.Expected.Name} runs again",
        HostStep.RepairDrift s => $"activating {s.Expected.Name} again, which something else displaced",
        HostStep.Hold s => HoldText.Headline(s.Reason),
        _ => throw new UnreachableException(),
    };
}
