namespace IsacTestbed.Core;

/// <summary>The name of a scenario of any family.</summary>
public static class ScenarioName
{
    /// <summary>Reads the key <c>name</c>.</summary>
    /// <exception cref="ConfigurationException">It is missing, or no name for a folder.</exception>
    public static string Read(ConfigurationObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        string name = document.Text("name");
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw document.Error("name", $"found \"{name}\"; it must consist of letters, digits, - and _, since folders are named after it");
    }
}
