namespace IsacTestbed.Uhd;

/// <summary>Boards: identity, clocks, time and sensors.</summary>
internal sealed partial class Usrp
{
    /// <summary>Number of boards.</summary>
    public int BoardCount()
    {
        nuint count = 0;
        Do("counting the boards", usrp => UhdNative.GetBoardCount(usrp, out count));
        return (int)count;
    }

    /// <summary>Name of a board, such as "B210".</summary>
    public unsafe string BoardName(int board) =>
        Text($"reading the name of board {board}", (usrp, text, length) => UhdNative.GetBoardName(usrp, Board(board), text, length));

    /// <summary>An entry of a board's identification memory, such as "serial"; null when there is none.</summary>
    public unsafe string? BoardFact(int board, string key)
    {
        Check(UhdNative.BoardEepromMake(out BoardEepromHandle eeprom), "making an identification", null);
        using (eeprom)
        {
            Do($"reading the identification of board {board}", usrp => UhdNative.GetBoardEeprom(usrp, eeprom, Board(board)));
            UhdError error = UhdText.Read((text, length) => UhdNative.BoardEepromGet(eeprom, key, text, length), out string value);
            return error == UhdError.None ? value : null;
        }
    }

    /// <summary>Rate of a board's master clock, in hertz.</summary>
    public double MasterClockRate(int board)
    {
        double rate = 0;
        Do($"reading the master clock rate of board {board}", usrp => UhdNative.GetMasterClockRate(usrp, Board(board), out rate));
        return rate;
    }

    /// <summary>Sets the rate of a board's master clock, in hertz.</summary>
    public void SetMasterClockRate(double rateHz, int board) =>
        Do($"setting the master clock to {rateHz} Hz", usrp => UhdNative.SetMasterClockRate(usrp, rateHz, Board(board)));

    /// <summary>Where the reference clock can come from.</summary>
    public IReadOnlyList<string> ClockSources(int board) =>
        List("listing the clock sources", (UsrpHandle usrp, ref nint list) => UhdNative.GetClockSources(usrp, Board(board), ref list));

    /// <summary>Where the reference clock comes from.</summary>
    public unsafe string ClockSource(int board) =>
        Text("reading the clock source", (usrp, text, length) => UhdNative.GetClockSource(usrp, Board(board), text, length));

    /// <summary>Selects where the reference clock comes from.</summary>
    public void SetClockSource(string name, int board) =>
        Do($"selecting clock source {name}", usrp => UhdNative.SetClockSource(usrp, name, Board(board)));

    /// <summary>Where the pulse per second can come from.</summary>
    public IReadOnlyList<string> TimeSources(int board) =>
        List("listing the time sources", (UsrpHandle usrp, ref nint list) => UhdNative.GetTimeSources(usrp, Board(board), ref list));

    /// <summary>Where the pulse per second comes from.</summary>
    public unsafe string TimeSource(int board) =>
        Text("reading the time source", (usrp, text, length) => UhdNative.GetTimeSource(usrp, Board(board), text, length));

    /// <summary>Selects where the pulse per second comes from.</summary>
    public void SetTimeSource(string name, int board) =>
        Do($"selecting time source {name}", usrp => UhdNative.SetTimeSource(usrp, name, Board(board)));

    /// <summary>A board's time now.</summary>
    public UhdTime TimeNow(int board)
    {
        long whole = 0;
        double fraction = 0;
        Do("reading the time", usrp => UhdNative.GetTimeNow(usrp, Board(board), out whole, out fraction));
        return new UhdTime(whole, fraction);
    }

    /// <summary>A board's time at the last edge of its pulse per second.</summary>
    public UhdTime TimeLastPps(int board)
    {
        long whole = 0;
        double fraction = 0;
        Do("reading the time of the last PPS edge", usrp => UhdNative.GetTimeLastPps(usrp, Board(board), out whole, out fraction));
        return new UhdTime(whole, fraction);
    }

    /// <summary>Sets the time at once; boards end up milliseconds apart.</summary>
    public void SetTimeNow(UhdTime time, int board) =>
        Do("setting the time", usrp => UhdNative.SetTimeNow(usrp, time.WholeSeconds, time.Fraction, Board(board)));

    /// <summary>Sets the time that the next edge of the pulse per second latches.</summary>
    public void SetTimeNextPps(UhdTime time, int board) =>
        Do("setting the time of the next PPS edge", usrp => UhdNative.SetTimeNextPps(usrp, time.WholeSeconds, time.Fraction, Board(board)));

    /// <summary>Gives what follows a time at which the device is to do it.</summary>
    public void SetCommandTime(UhdTime time, int board) =>
        Do("setting the command time", usrp => UhdNative.SetCommandTime(usrp, time.WholeSeconds, time.Fraction, Board(board)));

    /// <summary>Has what follows done at once.</summary>
    public void ClearCommandTime(int board) => Do("clearing the command time", usrp => UhdNative.ClearCommandTime(usrp, Board(board)));

    /// <summary>Names of a board's sensors.</summary>
    public IReadOnlyList<string> BoardSensors(int board) =>
        List("listing the sensors", (UsrpHandle usrp, ref nint list) => UhdNative.GetBoardSensorNames(usrp, Board(board), ref list));

    /// <summary>Reads one of a board's sensors.</summary>
    public UhdSensor BoardSensor(string name, int board) =>
        Sensor(name, (UsrpHandle usrp, ref nint sensor) => UhdNative.GetBoardSensor(usrp, name, Board(board), ref sensor));

    private unsafe UhdSensor Sensor(string name, ListCall native)
    {
        Check(UhdNative.SensorValueMake(out SensorValueHandle sensor), "making a sensor value", null);
        using (sensor)
        {
            nint raw = sensor.DangerousGetHandle();
            Do($"reading sensor {name}", usrp => native(usrp, ref raw));
            UhdError valueError = UhdText.Read((text, length) => UhdNative.SensorValueText(sensor, text, length), out string value);
            Check(valueError, $"reading sensor {name}", null);
            UhdError unitError = UhdText.Read((text, length) => UhdNative.SensorValueUnit(sensor, text, length), out string unit);
            Check(unitError, $"reading sensor {name}", null);
            Check(UhdNative.SensorValueType(sensor, out UhdSensorType type), $"reading sensor {name}", null);
            bool isTrue = false;
            if (type == UhdSensorType.Boolean)
            {
                Check(UhdNative.SensorValueToBool(sensor, out isTrue), $"reading sensor {name}", null);
            }

            return new UhdSensor(value, unit, type == UhdSensorType.Boolean ? isTrue : null);
        }
    }
}

/// <summary>A sensor's value.</summary>
/// <param name="Value">As text.</param>
/// <param name="Unit">Its unit, or what a boolean means, as in "locked".</param>
/// <param name="IsTrue">Its truth; null when it is no boolean.</param>
internal readonly record struct UhdSensor(string Value, string Unit, bool? IsTrue);
