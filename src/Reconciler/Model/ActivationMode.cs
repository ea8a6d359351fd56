namespace Reconciler.Model;

/// <summary>What <c>switch-to-configuration</c> is asked to do.</summary>
internal enum ActivationMode
{
    /// <summary>Activate, and leave the boot loader alone.</summary>
    Test,

    /// <summary>Make it the boot default, and activate nothing.</summary>
    Boot,
}
