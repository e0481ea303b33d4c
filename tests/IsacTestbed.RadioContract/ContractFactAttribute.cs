using Xunit.Sdk;

namespace IsacTestbed.RadioContract;

/// <summary>A fact of the contract; skipped where the class's <see cref="RadioRequirementAttribute"/> is not met.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer($"IsacTestbed.RadioContract.{nameof(ContractFactDiscoverer)}", "IsacTestbed.RadioContract")]
public sealed class ContractFactAttribute : FactAttribute;
