using Reconciler.Ports;
using Reconciler.Wire;

namespace Reconciler.Web.Pages;

/// <summary>The state of the ledger.</summary>
internal static class LedgerPage
{
    /// <summary>Writes the page.</summary>
    public static Markup Of(StatusDocument status, LedgerStateDocument ledger) => Frame.Of(status, "Ledger", Place.Ledger, Markup.Of($"""
        <section class="headline" aria-label="Verdict">
        <div id="headline" data-live aria-live="polite" aria-atomic="true">{Verdict(ledger.Verdict)}</div>
        <p class="since" id="since" data-live>Walked {Say.Time(ledger.VerifiedAt)}, at most once a minute</p>
        </section>
        <div id="facts" data-live>
        <dl class="plain">
        <dt>Entries</dt><dd class="num-left">{ledger.Height}</dd>
        <dt>Last hash</dt><dd><code class="hash">{ledger.HeadHash}</code></dd>
        <dt>Entries walked</dt><dd class="num-left">{ledger.Verdict.Entries}</dd>
        </dl>
        </div>
        <section aria-labelledby="cannot"><h2 id="cannot">What this cannot see</h2><p class="prose">{LedgerVerdict.CannotSee}</p><p class="prose"><code>reconciler ledger verify</code> walks the chain anew, <code>reconciler ledger export</code> writes it out to be kept elsewhere.</p></section>
        """));

    private static Markup Verdict(LedgerVerdictDocument verdict) => verdict.Fault is { } fault
        ? Markup.Of($"""<p class="state alarm">{Glyph.Of(Look.Alarm)} Broken</p><h1>The ledger's chain is broken</h1><p class="cure">{fault}</p>""")
        : Markup.Of($"""<p class="state good">{Glyph.Of(Look.Good)} Whole</p><h1>The ledger's chain is whole</h1>""");
}
