using Reconciler.BrowserTests;

// One browser for all tests; each test has a context of its own in it.
[assembly: AssemblyFixture(typeof(Browser))]
