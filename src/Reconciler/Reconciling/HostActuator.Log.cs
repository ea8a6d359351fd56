using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Reconciling;

internal sealed partial class HostActuator
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Adopted {Toplevel} as the system to come back to")]
    private partial void LogAdopted(Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deploying {Revision}: {Subject}")]
    private partial void LogSelected(Revision revision, string subject);

    private void LogStoreLookedOver(int damaged, int removed, string paths)
    {
        if (damaged == 0)
        {
            LogStoreSound();
        }
        else
        {
            LogStoreMended(damaged, removed, paths);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The store was looked over, since the machine went down before it was flushed or a build met damage; nothing is damaged")]
    private partial void LogStoreSound();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Damaged} paths in the store were damaged, as after a power cut; {Removed} were removed, with what refers to them, and are built anew: {Paths}")]
    private partial void LogStoreMended(int damaged, int removed, string paths);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} damaged paths in the store cannot be removed: {Paths}")]
    private partial void LogStoreDamaged(int count, string paths);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store could not be looked over, tried again later: {Detail}")]
    private partial void LogStoreUnknown(string detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: built {Toplevel}")]
    private partial void LogBuilt(DeploymentId deployment, Toplevel toplevel);

    private void LogPlanned(DeploymentId deployment, SystemPlan plan) => LogPlanned(
        deployment, plan.Stop.Length, plan.Start.Length, plan.Restart.Length, plan.Reload.Length, plan.Packages.Length, !plan.RebootReasons.IsEmpty);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Deployment {Deployment}: units to stop {Stop}, start {Start}, restart {Restart}, reload {Reload}; packages {Packages}; reboot needed {Reboot}")]
    private partial void LogPlanned(DeploymentId deployment, int stop, int start, int restart, int reload, int packages, bool reboot);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: activating {Toplevel} on trial")]
    private partial void LogTrialBegan(DeploymentId deployment, Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: activation ended: {Outcome}")]
    private partial void LogActivated(DeploymentId deployment, string outcome);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Deployment {Deployment}: {Passed} of {Total} checks passed")]
    private partial void LogProbed(DeploymentId deployment, int passed, int total);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: confirmed as generation {Generation}: {Toplevel}")]
    private partial void LogConfirmed(DeploymentId deployment, int generation, Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: changes nothing in the system; confirmed as generation {Generation} without activation")]
    private partial void LogConfirmedUnchanged(DeploymentId deployment, int generation);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: accepted for testing; the next boot lands on the last confirmed system")]
    private partial void LogAccepted(DeploymentId deployment);

    [LoggerMessage(Level = LogLevel.Error, Message = "Deployment {Deployment}: rolling back, because {Cause}; returning to {Toplevel}")]
    private partial void LogRollingBack(DeploymentId deployment, string cause, Toplevel toplevel);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: rolled back to {Toplevel}, and verified")]
    private partial void LogRolledBack(DeploymentId deployment, Toplevel toplevel);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Deployment {Deployment}: the dead-man's switch put the host back to {Toplevel} at {At:u}, since the daemon did not end the trial; it ended with {HowEnded}")]
    private partial void LogPutBackUnattended(DeploymentId deployment, Toplevel toplevel, DateTimeOffset at, string howEnded);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: the dead-man's switch could not be set anew, so an earlier time holds: {Detail}")]
    private partial void LogGuardNotSet(DeploymentId deployment, string detail);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Deployment {Deployment}: NEEDS OPERATOR: the rollback to {Toplevel} failed: {Detail}")]
    private partial void LogNeedsOperator(DeploymentId deployment, Toplevel toplevel, string detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Deployment {Deployment}: failed: {Cause}. {Cure}")]
    private partial void LogFailed(DeploymentId deployment, string cause, string cure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: {Cause}; tried again at {Until:u}")]
    private partial void LogPostponed(DeploymentId deployment, string cause, DateTimeOffset until);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: gives way to {Revision}")]
    private partial void LogSuperseded(DeploymentId deployment, Revision revision);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deployment {Deployment}: told the repository by {Explanation} {Remark}")]
    private partial void LogTold(DeploymentId deployment, string explanation, string remark);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deployment {Deployment}: the repository could not be told, tried again later: {Detail}")]
    private partial void LogTellFailed(DeploymentId deployment, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift: {Running} runs, {Expected} was confirmed")]
    private partial void LogDrift(Toplevel running, Toplevel expected);

    [LoggerMessage(Level = LogLevel.Information, Message = "Drift ended: {Expected} runs again")]
    private partial void LogDriftEnded(Toplevel expected);

    [LoggerMessage(Level = LogLevel.Error, Message = "Drift from {Expected} could not be put right: {Detail}")]
    private partial void LogRepairFailed(Toplevel expected, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Drift: the next boot is right again; going from {Running} to {Expected} takes a reboot, which is left to you")]
    private partial void LogRepairTakesReboot(Toplevel running, Toplevel expected);
}
