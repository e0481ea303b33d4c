using Xunit.Abstractions;
using Xunit.Sdk;

namespace IsacTestbed.RadioContract;

/// <summary>A test case of the contract that is skipped.</summary>
internal static class SkippedCase
{
    /// <summary>Makes the case, of xunit's own type: it keeps the reason when a runner serialises cases to run them.</summary>
    /// <param name="dataRow">The row of a theory; null for a fact or a theory as a whole.</param>
    public static IXunitTestCase Create(
        IMessageSink diagnosticMessageSink,
        ITestFrameworkDiscoveryOptions options,
        ITestMethod testMethod,
        string reason,
        object?[]? dataRow = null) =>
        new XunitSkippedDataRowTestCase(
            diagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), testMethod, reason, dataRow);
}
