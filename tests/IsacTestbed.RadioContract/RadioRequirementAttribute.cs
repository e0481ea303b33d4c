using Xunit.Abstractions;

namespace IsacTestbed.RadioContract;

/// <summary>What a kind of radio needs on the machine for the contract to run on it; set on the class that inherits the contract.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public abstract class RadioRequirementAttribute : Attribute
{
    /// <summary>What is missing and how to install it; null when nothing is. Read when tests are listed, so it must not throw.</summary>
    public abstract string? Missing { get; }

    /// <summary>What the class that <paramref name="testMethod"/> runs in misses, of all its requirements; null when nothing.</summary>
    internal static string? MissingFor(ITestMethod testMethod)
    {
        string[] missing =
        [
            .. testMethod.TestClass.Class.GetCustomAttributes(typeof(RadioRequirementAttribute))
                .Select(requirement => requirement.GetNamedArgument<string?>(nameof(Missing)))
                .OfType<string>(),
        ];
        return missing.Length == 0 ? null : string.Join(' ', missing);
    }
}
