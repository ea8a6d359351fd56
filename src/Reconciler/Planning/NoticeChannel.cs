using System.Collections.Immutable;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>A channel, and what is told by it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kinds">What it wants to hear of.</param>
internal sealed record NoticeChannel(string Name, ImmutableHashSet<NoticeKind> Kinds);
