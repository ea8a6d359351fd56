using Xunit.Sdk;
using Xunit.v3;

// Each test has a machine of its own. A test computes for about half of its time and waits for the other half: three of them fill two cores.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 3)]
[assembly: AssemblyFixture(typeof(Beginnings))]
