# Gives one network card of a Windows machine its address, from within: run by the machine's agent, as SYSTEM. This text is
# constant; what differs comes on standard input, a word a line, in the order of linux/main.sh:
# ACTION MAC ADDRESS/LENGTH GATEWAY ROUTE MTU [RESOLVER...]; ROUTE is `default` or `answers`.
#
# It says one line: `Windows`, or `no` and why, with the status 3. What it has set is noted in the registry, under the card's
# hardware address, and taken back from there. A card whose address somebody has set by hand is left alone.

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$action, $mac, $net, $gateway, $route, $mtu, $resolvers = @($input | ForEach-Object { "$_".Trim() } | Where-Object { $_ })
$address, $length = $net -split '/'
$note = 'HKLM:\SOFTWARE\WireWarp\Guest\' + $mac.Replace(':', '')
# The card's own default is far below: what has another way keeps it, and answers leave by the card that they were asked at.
$metric = if ($route -eq 'default') { 1 } else { 9000 }

function Deny([string] $why) {
    [Console]::Out.WriteLine("no $why")
    exit 3
}

function Find-Card {
    $wanted = $mac.Replace(':', '-').ToUpperInvariant()
    @(Get-NetAdapter | Where-Object { $_.MacAddress -eq $wanted })
}

# A new card takes a moment until its driver is there.
function Wait-Card {
    foreach ($try in 1..15) {
        $cards = @(Find-Card)
        if ($cards.Count -eq 1) { return $cards[0].ifIndex }
        Start-Sleep -Seconds 1
    }
    Deny 'card'
}

function Assert-Free([int] $index) {
    if (Test-Path $note) { return }
    $dhcp = (Get-NetIPInterface -InterfaceIndex $index -AddressFamily IPv4).Dhcp
    if ("$dhcp" -ne 'Enabled') { Deny 'static' }
}

function Set-Card([int] $index) {
    $before = (Get-NetIPInterface -InterfaceIndex $index -AddressFamily IPv4).NlMtu
    if (-not (Test-Path $note)) {
        New-Item -Path $note -Force | Out-Null
        New-ItemProperty -Path $note -Name MtuBefore -Value $before -PropertyType DWord | Out-Null
    }
    Remove-Ours $index
    Set-NetIPInterface -InterfaceIndex $index -AddressFamily IPv4 -Dhcp Disabled
    New-NetIPAddress -InterfaceIndex $index -IPAddress $address -PrefixLength ([int] $length) | Out-Null
    New-NetRoute -InterfaceIndex $index -DestinationPrefix '0.0.0.0/0' -NextHop $gateway -RouteMetric $metric | Out-Null
    Set-NetIPInterface -InterfaceIndex $index -AddressFamily IPv4 -NlMtuBytes ([uint32] $mtu)
    if ($route -eq 'default' -and $resolvers) {
        Set-DnsClientServerAddress -InterfaceIndex $index -ServerAddresses @($resolvers)
    }
}

function Remove-Ours([int] $index) {
    Get-NetRoute -InterfaceIndex $index -DestinationPrefix '0.0.0.0/0' -ErrorAction SilentlyContinue |
        Where-Object { $_.NextHop -eq $gateway } | Remove-NetRoute -Confirm:$false
    Get-NetIPAddress -InterfaceIndex $index -IPAddress $address -ErrorAction SilentlyContinue |
        Remove-NetIPAddress -Confirm:$false
}

# Only what the note says was set here; a card that is gone has taken it along.
function Clear-Card {
    if (-not (Test-Path $note)) { return }
    $before = (Get-ItemProperty -Path $note).MtuBefore
    foreach ($card in Find-Card) {
        Remove-Ours $card.ifIndex
        Set-DnsClientServerAddress -InterfaceIndex $card.ifIndex -ResetServerAddresses
        Set-NetIPInterface -InterfaceIndex $card.ifIndex -AddressFamily IPv4 -NlMtuBytes ([uint32] $before)
        Set-NetIPInterface -InterfaceIndex $card.ifIndex -AddressFamily IPv4 -Dhcp Enabled
    }
    Remove-Item -Path $note -Recurse
}

switch ($action) {
    'look' {
        $cards = @(Find-Card)
        if ($cards.Count -eq 1) { Assert-Free $cards[0].ifIndex }
        'Windows'
    }
    'set' {
        $index = Wait-Card
        Assert-Free $index
        try { Set-Card $index }
        catch {
            [Console]::Error.WriteLine("$_")
            Clear-Card
            Deny 'taken'
        }
        'Windows'
    }
    'clear' {
        Clear-Card
        'clear'
    }
    default { Deny 'action' }
}
