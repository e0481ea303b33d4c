using Xunit.Abstractions;
using Xunit.Sdk;

namespace IsacTestbed.RadioContract;

/// <summary>Finds the facts of the contract. An attribute on the method cannot know the inheriting class; a discoverer can.</summary>
internal sealed class ContractFactDiscoverer(IMessageSink diagnosticMessageSink) : FactDiscoverer(diagnosticMessageSink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        RadioRequirementAttribute.MissingFor(testMethod) is { } missing
            ? SkippedCase.Create(DiagnosticMessageSink, discoveryOptions, testMethod, missing)
            : base.CreateTestCase(discoveryOptions, testMethod, factAttribute);
}
