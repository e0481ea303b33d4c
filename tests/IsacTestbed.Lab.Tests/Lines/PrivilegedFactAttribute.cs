namespace IsacTestbed.Lab.Tests.Lines;

/// <summary>A test that looks at a line which is locked, as only a privileged process can; skipped for others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivilegedFactAttribute : FactAttribute
{
    public PrivilegedFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "Only root can open a line that is locked.";
}
