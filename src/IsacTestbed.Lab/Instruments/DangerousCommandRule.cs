namespace IsacTestbed.Lab.Instruments;

/// <summary>A family of dangerous commands.</summary>
/// <param name="Header">
/// Nodes of the command, colon-separated, as manuals print them: the capitals are the short form, as in <c>SYSTem:COMMunicate</c>. All
/// commands below the header belong to it; its queries do not.
/// </param>
/// <param name="Effect">What these commands do.</param>
public sealed record DangerousCommandRule(string Header, string Effect)
{
    /// <summary>Whether one of the commands in a line belongs to this family.</summary>
    public bool Matches(string line) => line.Split(';').Any(MatchesOne);

    private bool MatchesOne(string command)
    {
        // The header ends where the parameters begin; Mini-Circuits' commands separate them by '=' or ':', and both are nodes here.
        string header = command.Trim().TrimStart(':').Split(' ', '\t', '=')[0];
        if (header.EndsWith('?'))
        {
            return false;
        }

        string[] nodes = header.Split(':'), pattern = Header.Split(':');
        return nodes.Length >= pattern.Length && pattern.Zip(nodes).All(pair => IsNode(pair.First, pair.Second));
    }

    // Any length from the short form to the long one, with a number behind it or not.
    private static bool IsNode(string pattern, string node)
    {
        string word = node.ToUpperInvariant(), whole = pattern.ToUpperInvariant(), shortest = string.Concat(pattern.Where(c => !char.IsAsciiLetterLower(c)));
        word = whole.Length > 0 && char.IsAsciiDigit(whole[^1]) ? word : word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
        return word.Length >= shortest.Length && whole.StartsWith(word, StringComparison.Ordinal);
    }
}
