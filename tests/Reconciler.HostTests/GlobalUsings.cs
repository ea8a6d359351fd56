global using Reconciler.HostTests.Making;
global using Xunit;
