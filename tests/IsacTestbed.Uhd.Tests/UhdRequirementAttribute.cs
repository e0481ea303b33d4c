using IsacTestbed.RadioContract;

namespace IsacTestbed.Uhd.Tests;

/// <summary>A contract on the chain needs what every other test of it does: <see cref="UhdFactAttribute"/>.</summary>
internal sealed class UhdRequirementAttribute : RadioRequirementAttribute
{
    public override string? Missing => UhdFactAttribute.Missing;
}
