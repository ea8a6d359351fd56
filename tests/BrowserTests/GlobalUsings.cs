global using Microsoft.Playwright;
global using Reconciler.Tests.Web.Site;
global using Xunit;
