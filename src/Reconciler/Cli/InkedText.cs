namespace Reconciler.Cli;

/// <summary>Text of one ink.</summary>
internal readonly record struct InkedText(string Text, Ink Ink);
