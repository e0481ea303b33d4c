using IsacTestbed.RadioContract;

namespace IsacTestbed.Soapy.Tests;

/// <summary>A contract on the chain needs what every other test of it does: <see cref="SoapyFactAttribute"/>.</summary>
internal sealed class SoapyRequirementAttribute : RadioRequirementAttribute
{
    public override string? Missing => SoapyFactAttribute.Missing;
}
