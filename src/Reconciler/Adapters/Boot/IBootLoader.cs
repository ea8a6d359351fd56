using Reconciler.Model;

namespace Reconciler.Adapters.Boot;

/// <summary>A boot loader that can boot an entry of its menu once.</summary>
internal interface IBootLoader
{
    /// <summary>Its name, for people.</summary>
    string Name { get; }

    /// <summary>The entry of a system, when the menu has one and another system is its default.</summary>
    /// <param name="toplevel">The system that is to be booted once.</param>
    /// <param name="boots">The system that is to be the default.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    Task<MenuLook> LookAsync(Toplevel toplevel, Toplevel boots, CancellationToken cancellationToken);

    /// <summary>Chooses an entry for the next boot alone. Null when done, else why not.</summary>
    Task<string?> ChooseAsync(string entry, CancellationToken cancellationToken);

    /// <summary>The entry that is chosen for the next boot; empty when none is, null when that cannot be read.</summary>
    Task<string?> ChosenAsync(CancellationToken cancellationToken);

    /// <summary>Takes back what was chosen. Null when done, else why not.</summary>
    Task<string?> ForgetAsync(CancellationToken cancellationToken);
}

/// <summary>What a look at a boot menu gave. A closed set.</summary>
internal abstract record MenuLook
{
    private MenuLook() { }

    /// <summary>The system has this entry, and is not the default.</summary>
    public sealed record Found(string Entry) : MenuLook;

    /// <summary>It cannot be booted once from this menu.</summary>
    public sealed record Unfit(string Why) : MenuLook;
}
