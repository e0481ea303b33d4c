namespace IsacTestbed.Core;

/// <summary>The ids in a scenario of any family.</summary>
public static class ScenarioIds
{
    /// <summary>Refuses an id that stands twice.</summary>
    /// <param name="document">The scenario.</param>
    /// <param name="key">Where the ids stand.</param>
    /// <param name="ids">All of them.</param>
    /// <param name="owners">What has an id, as in "radio".</param>
    /// <exception cref="ConfigurationException">One stands twice.</exception>
    public static void RequireDistinct(ConfigurationObject document, string key, IEnumerable<string> ids, string owners = "radio")
    {
        ArgumentNullException.ThrowIfNull(document);
        if (ids.GroupBy(id => id).FirstOrDefault(g => g.Count() > 1)?.Key is { } twice)
        {
            throw document.Error(key, $"the id {twice} stands twice; every {owners} needs its own");
        }
    }
}
