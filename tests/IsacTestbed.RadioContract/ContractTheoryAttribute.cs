using Xunit.Sdk;

namespace IsacTestbed.RadioContract;

/// <summary>A theory of the contract; skipped where the class's <see cref="RadioRequirementAttribute"/> is not met.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer($"IsacTestbed.RadioContract.{nameof(ContractTheoryDiscoverer)}", "IsacTestbed.RadioContract")]
public sealed class ContractTheoryAttribute : TheoryAttribute;
