using Xunit.Abstractions;
using Xunit.Sdk;

namespace IsacTestbed.RadioContract;

/// <summary>Finds the theories of the contract, row by row where the runner wants rows: skipped and run tests count alike.</summary>
internal sealed class ContractTheoryDiscoverer(IMessageSink diagnosticMessageSink) : TheoryDiscoverer(diagnosticMessageSink)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object?[] dataRow) =>
        RadioRequirementAttribute.MissingFor(testMethod) is { } missing
            ? [SkippedCase.Create(DiagnosticMessageSink, discoveryOptions, testMethod, missing, dataRow)]
            : base.CreateTestCasesForDataRow(discoveryOptions, testMethod, theoryAttribute, dataRow);

    protected override IEnumerable<IXunitTestCase> CreateTestCasesForTheory(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        RadioRequirementAttribute.MissingFor(testMethod) is { } missing
            ? [SkippedCase.Create(DiagnosticMessageSink, discoveryOptions, testMethod, missing)]
            : base.CreateTestCasesForTheory(discoveryOptions, testMethod, theoryAttribute);
}
