namespace IsacTestbed.Ether.SoapyRemote;

/// <summary>One of several named inputs. Thread safe.</summary>
/// <param name="what">What is selected.</param>
/// <param name="names">The names; the first is selected at the start.</param>
internal sealed class SourceSelection(string what, IReadOnlyList<string> names)
{
    private string _selected = names[0];

    public IReadOnlyList<string> Names => names;

    public string Selected => Volatile.Read(ref _selected);

    /// <summary>Selects one.</summary>
    /// <exception cref="DeviceCallException">There is none of that name.</exception>
    public void Select(string name) => Volatile.Write(
        ref _selected,
        names.Contains(name) ? name : throw new DeviceCallException($"{what} {name}: use {string.Join(" or ", names)}"));
}
