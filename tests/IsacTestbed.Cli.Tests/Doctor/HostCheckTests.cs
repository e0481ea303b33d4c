using IsacTestbed.Cli.Doctor;
using IsacTestbed.EndToEnd.Tests;
using IsacTestbed.Radio;

namespace IsacTestbed.Cli.Tests.Doctor;

/// <summary>Each check on a made-up host.</summary>
public sealed class HostCheckTests : IDisposable
{
    private static readonly DoctorProfile B210 = new(
        "b210",
        new Dictionary<string, string> { ["soapy"] = "driver=uhd,type=b200", ["uhd"] = "type=b200" },
        [new ExpectedImage("fpga", "16", "uhd_images_downloader -t b2xx"), new ExpectedImage("firmware", "8.0", string.Empty)]);

    private static readonly DoctorProfile X310 =
        new("x310", new Dictionary<string, string> { ["uhd"] = "type=x300,addr=192.168.10.2" }, []);

    private readonly ScratchFolder _root = new();
    private readonly HostFiles _files;

    public HostCheckTests() => _files = new HostFiles(_root["host"]);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("2500", "0020", "5000", "Ok")]
    [InlineData("2500", "0020", "480", "Warning")]
    [InlineData("0456", "b673", "480", "Ok")]
    [InlineData("1d50", "6108", "10000", "Ok")]
    [InlineData("2500", "0020", null, "Warning")]
    [InlineData("046d", "c31c", "1.5", "NotApplicable")]
    public async Task Usb_KnownRadio_IsJudgedByItsSpeed(string vendor, string product, string? speed, string status)
    {
        Plug("2-1", vendor, product, speed);
        CheckResult result = Assert.Single(await new UsbCheck(_files, null).RunAsync(default));
        Assert.Equal(status, result.Status.ToString());
        Assert.Equal(result.Status == CheckStatus.Warning, result.Remedy.Length > 0);
    }

    [Fact]
    public async Task Usb_RadioOfTheProfileMissing_Fails()
    {
        Plug("1-1", "0456", "b673", "480");
        IReadOnlyList<CheckResult> results = await new UsbCheck(_files, B210).RunAsync(default);
        Assert.Equal([CheckStatus.Ok, CheckStatus.Failed], results.Select(r => r.Status));
        Plug("2-1", "2500", "0020", "5000");
        Assert.All(await new UsbCheck(_files, B210).RunAsync(default), r => Assert.Equal(CheckStatus.Ok, r.Status));
        Assert.DoesNotContain(await new UsbCheck(_files, X310).RunAsync(default), r => r.Status == CheckStatus.Failed);
    }

    [Theory]
    [InlineData("212992", "Warning")]
    [InlineData("33554431", "Warning")]
    [InlineData("33554432", "Ok")]
    [InlineData("nonsense", "NotApplicable")]
    [InlineData(null, "NotApplicable")]
    public async Task Network_ReceiveBuffer_IsHeldAgainstWhatUhdWants(string? bytes, string status)
    {
        Write("/proc/sys/net/core/rmem_max", bytes);
        CheckResult result = (await new NetworkCheck(_files, X310).RunAsync(default)).Single(r => r.Check == "receive buffer");
        Assert.Equal(status, result.Status.ToString());
        Assert.Equal(status == "Warning", result.Remedy.Contains("sudo sysctl -w net.core.rmem_max=33554432", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10000", "1500", "Warning")]
    [InlineData("10000", "9000", "Ok")]
    [InlineData("1000", "1500", "Ok")]
    [InlineData("-1", "1500", "Ok")]
    [InlineData(null, "1500", "Ok")]
    public async Task Network_Mtu_MattersOnTenGigabit(string? speed, string mtu, string status)
    {
        Write("/sys/class/net/lo/operstate", "unknown");
        Write("/sys/class/net/lo/mtu", "65536");
        Write("/sys/class/net/enp1s0/operstate", "up");
        Write("/sys/class/net/enp1s0/mtu", mtu);
        Write("/sys/class/net/enp1s0/speed", speed);
        Write("/sys/class/net/enp2s0/operstate", "down");
        Write("/sys/class/net/enp2s0/mtu", "1500");
        CheckResult result = (await new NetworkCheck(_files, null).RunAsync(default)).Single(r => r.Check == "MTU");
        Assert.Equal(status, result.Status.ToString());
        Assert.StartsWith("enp1s0", result.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_RadioOnUsb_IsNotApplicable() =>
        Assert.Equal(CheckStatus.NotApplicable, Assert.Single(await new NetworkCheck(_files, B210).RunAsync(default)).Status);

    [Theory]
    [InlineData("0                    0                    ", "Warning")]
    [InlineData("49                   99                   ", "Warning")]
    [InlineData("99                   99                   ", "Ok")]
    [InlineData("unlimited            unlimited            ", "Ok")]
    public async Task Priority_Limit_IsRead(string limit, string status)
    {
        Write("/proc/self/limits", $"Limit                     Soft Limit           Hard Limit           Units     \nMax nice priority         0                    0                    \nMax realtime priority     {limit}\n");
        CheckResult result = (await new SchedulingCheck(_files).RunAsync(default))[0];
        Assert.Equal(status, result.Status.ToString());
    }

    [Fact]
    public async Task Priority_GrantedButNotInForce_SaysToLogInAgain()
    {
        Write("/proc/self/limits", "Max realtime priority     0                    0\n");
        Write("/etc/security/limits.d/uhd.conf", "# @usrp - rtprio 1\n");
        Assert.Contains("/etc/security/limits.d/radios.conf", (await new SchedulingCheck(_files).RunAsync(default))[0].Remedy, StringComparison.Ordinal);
        Write("/etc/security/limits.d/uhd.conf", "@usrp\t-\trtprio\t99\n");
        Assert.Contains("/etc/security/limits.d/uhd.conf grants it", (await new SchedulingCheck(_files).RunAsync(default))[0].Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("performance", "performance", "Ok", "2 x performance")]
    [InlineData("performance", "powersave", "Warning", "1 x performance, 1 x powersave")]
    [InlineData(null, null, "NotApplicable", "")]
    public async Task Governor_OfAllProcessors_IsRead(string? first, string? second, string status, string found)
    {
        Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", first);
        Write("/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", second);
        Write("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", "powersave");
        CheckResult result = (await new SchedulingCheck(_files).RunAsync(default))[1];
        Assert.Equal(status, result.Status.ToString());
        Assert.StartsWith(found, result.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, "Failed")]
    [InlineData(5, "Warning")]
    [InlineData(50, "Ok")]
    public async Task Disk_FreeSpace_IsJudged(double gibibytes, string status) =>
        Assert.Equal(status, Assert.Single(await new DiskCheck("/data", _ => (long)(gibibytes * (1L << 30))).RunAsync(default)).Status.ToString());

    [Fact]
    public async Task Disk_FolderThatIsNone_IsNotApplicable() =>
        Assert.Equal(CheckStatus.NotApplicable, Assert.Single(await new DiskCheck("/data", _ => throw new DirectoryNotFoundException("no")).RunAsync(default)).Status);

    [Theory]
    [InlineData("1772366400.000000123#4711", "1772366402.000000120#4713", "Ok")]
    [InlineData("1772366400.000000123#4711", "1772366400.000000123#4711", "Failed")]
    [InlineData("1772366400.000000123#4711", "", "Warning")]
    public async Task Pps_EdgesOfTheHost_AreCounted(string before, string after, string status)
    {
        Write("/sys/class/pps/pps0/assert", before);
        var time = new InstantTime(() => Write("/sys/class/pps/pps0/assert", after));
        Assert.Equal(status, Assert.Single(await new PpsCheck(_files, time).RunAsync(default)).Status.ToString());
    }

    [Fact]
    public async Task Library_ThatIsMissing_NamesThePackage()
    {
        var missing = new RadioLibrary("uhd", "libnone", ["libnone.so.1"], "libnone1", _ => string.Empty);
        Assert.Equal(CheckStatus.Warning, Assert.Single(await new LibraryCheck([missing], null).RunAsync(default)).Status);
        CheckResult needed = Assert.Single(await new LibraryCheck([missing], X310).RunAsync(default));
        Assert.Equal((CheckStatus.Failed, "sudo apt install libnone1"), (needed.Status, needed.Remedy));
        Assert.Equal(CheckStatus.NotApplicable, Assert.Single(await new LibraryCheck([missing with { Key = "soapy" }], X310).RunAsync(default), r => r.Check == "libnone").Status);
    }

    [Fact]
    public async Task Library_ThatIsThere_TellsItsVersion()
    {
        // The C library stands for a radio's: every host has it.
        var present = new RadioLibrary("uhd", "libc", ["libnone.so.1", "libc.so.6"], "libc6", handle => handle == 0 ? "unloaded" : "2.36");
        Assert.Equal((CheckStatus.Ok, "libc.so.6: 2.36"), (await new LibraryCheck([present], X310).RunAsync(default)) is [var r] ? (r.Status, r.Found) : default);
        var strange = present with { ReadVersion = _ => throw new EntryPointNotFoundException() };
        Assert.Equal("libc.so.6: of unknown version", Assert.Single(await new LibraryCheck([strange], X310).RunAsync(default)).Found);
    }

    [Theory]
    [InlineData("16.3", "8.0", "Ok", "Ok")]
    [InlineData("16", "8.0.1", "Ok", "Ok")]
    [InlineData("15.9", "8", "Failed", "Failed")]
    [InlineData("160", "18.0", "Failed", "Failed")]
    [InlineData(null, null, "NotApplicable", "NotApplicable")]
    public void Images_OfARadio_AreHeldAgainstTheProfile(string? fpga, string? firmware, string fpgaStatus, string firmwareStatus)
    {
        var hardware = new Dictionary<string, string> { ["product"] = "B210" };
        if (fpga is not null)
        {
            hardware["fpga_version"] = fpga;
            hardware["fw_version"] = firmware!;
        }

        var any = new SettingRange(0, 1);
        var radio = new RadioDescription("b210", "uhd", "1", hardware, 2, 2, any, any, any, any, 1, 0.05, 1024);
        CheckResult[] results = [.. SidecarCheck.CheckImages(radio, B210)];
        Assert.Equal([fpgaStatus, firmwareStatus], results.Select(r => r.Status.ToString()));
        Assert.Equal(fpgaStatus == "Failed" ? "uhd_images_downloader -t b2xx" : string.Empty, results[0].Remedy);
    }

    [Theory]
    [InlineData(0, "Failed", "50 % lost at 1 MS/s")]
    [InlineData(10e6, "Ok", "10 MS/s, 50 % lost at 25 MS/s")]
    [InlineData(1e9, "Ok", "100 MS/s or more")]
    public async Task Rate_LargestWithoutLoss_IsFound(double limitHz, string status, string found)
    {
        CheckResult result = Assert.Single(await new RateCheck(new LimitedProbe(limitHz)).RunAsync(default));
        Assert.Equal(status, result.Status.ToString());
        Assert.StartsWith(found, result.Found, StringComparison.Ordinal);
    }


    private void Plug(string port, string vendor, string product, string? speed)
    {
        Write($"/sys/bus/usb/devices/{port}/idVendor", vendor);
        Write($"/sys/bus/usb/devices/{port}/idProduct", product);
        Write($"/sys/bus/usb/devices/{port}/speed", speed);
        Write($"/sys/bus/usb/devices/{port}:1.0/bInterfaceClass", "ff");
    }

    private void Write(string path, string? content)
    {
        string file = Path.Join(_root["host"], path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (content is not null)
        {
            File.WriteAllText(file, $"{content}\n");
        }
    }

    private sealed class LimitedProbe(double limitHz) : IRateProbe
    {
        public string Description => "test";

        public Task<RateReading> MeasureAsync(double sampleRateHz, TimeSpan duration, CancellationToken cancellationToken) =>
            Task.FromResult(sampleRateHz <= limitHz ? new RateReading(100, 0) : new RateReading(50, 50));
    }

    /// <summary>A time in which whatever is waited for happens at once, and something else with it.</summary>
    private sealed class InstantTime(Action meanwhile) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            meanwhile();
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
